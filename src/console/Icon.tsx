import type { ReactNode } from 'react';

const strokes = {
  today: <path d="M4 11.5 12 5l8 6.5M6.5 10v9h11v-9M10 19v-5h4v5" />,
  notices: <path d="M4 10v4l3 .5L8.5 19H11l-.8-4L19 18V6L7 9.5 4 10Z" />,
  exports: <path d="M12 4v11m0 0 4-4m-4 4-4-4M5 16v3.5h14V16" />,
  schedules: <path d="M5 6.5h14v13H5zM5 10.5h14M8.5 4v4M15.5 4v4M9 15l2 2 4-4" />,
  tips: (
    <path d="M9.5 18.5h5M10.5 21h3M8.8 15.5a6 6 0 1 1 6.4 0v0c-.5.4-.7.8-.7 1.5h-5c0-.7-.2-1.1-.7-1.5Z" />
  ),
  quizzes: (
    <path d="M4.5 5h15v11h-8l-4 3.5V16h-3zM9.8 8.6a2.2 2.2 0 1 1 2.9 2.1c-.5.2-.7.5-.7 1.1M12 14v.1" />
  ),
  trainings: (
    <path d="M3.500 9 12 5l8.500 4-8.500 4zM7 11v4.500c1.400 1.200 3 1.800 5 1.800s3.600-.6 5-1.800V11M20.500 9v5.500" />
  ),
  faq: (
    <path d="M5 4.500h10.500a3 3 0 0 1 3 3v12H8a3 3 0 0 1-3-3zM5 16.500a3 3 0 0 1 3-3h10.500M9 8.500h5.500" />
  ),
  tickets: (
    <path d="M4 7h16v3.500a1.800 1.800 0 0 0 0 3.200V17H4v-3.300a1.800 1.800 0 0 0 0-3.200zM14 7.500v2M14 11.500v2M14 15v1.500" />
  ),
  audit: <path d="M7 3.5h7.5L18 7v13.5H7zM10 10.5h5M10 14h5M10 17.5h3" />,
  clock: <path d="M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Zm0 3.5V12l3 2" />,
  board: <path d="M5 5h14v14H5zM8.5 15.5v-3M12 15.5v-7M15.5 15.5v-5" />,
  messages: <path d="M4.5 6h15v10.5h-8L8 20v-3.5H4.5zM8 10h8M8 13h5" />,
  audiences: <path d="M4 5.5h16l-6 7v6l-4-2v-4z" />,
  people: (
    <path d="M9 11.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM3.5 19c.4-3 2.5-4.6 5.5-4.6s5.1 1.6 5.5 4.6M15.5 5.4a3 3 0 0 1 0 5.8M17 14.7c2 .5 3.2 2 3.5 4.3" />
  ),
  streaks: (
    <path d="M12 3.5c.6 3.4 5 5.1 5 9.8A5 5 0 0 1 7 13.6c0-1.8.8-3 1.8-4.1.3 1.2.9 1.8 1.6 2.1C10.6 8.5 10.6 5.7 12 3.5Z" />
  ),
  performance: (
    <path d="M5 19V9.500h3.500V19M10.300 19V5h3.500v14M15.600 19v-6.500h3.500V19M3.500 19.500h17" />
  ),
  channels: <path d="M6 8.5a8 8 0 0 1 12 0M8.5 11.5a4.6 4.6 0 0 1 7 0M12 15v4.5M9 19.5h6" />,
  system: <path d="M4.5 5h15v5.5h-15zM4.5 13.5h15V19h-15zM8 7.8v.1M8 16.2v.1M11 7.8h5M11 16.2h5" />,
  access: <path d="M12 3.5 18.5 6v5.5c0 4-2.7 7-6.5 9-3.800-2-6.5-5-6.5-9V6zM9.5 12l2 2 3.5-4" />,
  incidents: <path d="M12 4.5 20.5 19h-17L12 4.5Zm0 5.5v4m0 2.2v.1" />,
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
