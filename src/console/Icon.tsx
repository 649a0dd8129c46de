import type { ReactNode } from 'react';

const strokes = {
  today: <path d="M4 11.5 12 5l8 6.5M6.5 10v9h11v-9M10 19v-5h4v5" />,
  notices: <path d="M4 10v4l3 .5L8.5 19H11l-.8-4L19 18V6L7 9.5 4 10Z" />,
  exports: <path d="M12 4v11m0 0 4-4m-4 4-4-4M5 16v3.5h14V16" />,
  schedules: <path d="M5 6.5h14v13H5zM5 10.5h14M8.5 4v4M15.5 4v4M9 15l2 2 4-4" />,
  tips: (
    <path d="M9.5 18.5h5M10.5 21h3M8.8 15.5a6 6 0 1 1 6.4 0v0c-.5.4-.7.8-.7 1.5h-5c0-.7-.2-1.1-.7-1.5Z" />
  ),
  audit: <path d="M7 3.5h7.5L18 7v13.5H7zM10 10.5h5M10 14h5M10 17.5h3" />,
  clock: <path d="M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Zm0 3.5V12l3 2" />,
  leave: <path d="M10 5H5.5v14H10M14 8l4 4-4 4M18 12H9.5" />,
  language: <path d="M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Zm-8 8h16M12 4c5 5 5 11 0 16M12 4c-5 5-5 11 0 16" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof strokes;

/** Decoration: the words beside it say what it means. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {strokes[name]}
    </svg>
  );
}
