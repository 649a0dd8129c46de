import { useTexts } from './text.ts';

const HUES = [212, 262, 172, 24, 338, 142, 190, 288, 44, 4];

function hueOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return HUES[sum % HUES.length] ?? 212;
}

/** A person by the last two characters of the name on a colour made of the id; of a Latin name, the initials. */
export function Avatar({ id, name, size = 40 }: { id: string; name: string; size?: number }) {
  if (id === 'bot') return <BotAvatar size={size} />;
  const latin = /^[\p{Script=Latin}\s.'-]+$/u.test(name);
  const letters = latin
    ? name
        .split(/\s+/)
        .map((word) => word.slice(0, 1).toUpperCase())
        .slice(0, 2)
        .join('')
    : Array.from(name).slice(-2).join('');
  return (
    <svg className="avatar" width={size} height={size} viewBox="0 0 40 40" aria-hidden="true">
      <rect width="40" height="40" rx="11" fill={`hsl(${hueOf(id)} 55% 45%)`} />
      <text
        x="20"
        y="21"
        textAnchor="middle"
        dominantBaseline="central"
        fontSize="14"
        fontWeight="500"
        fill="#fff"
      >
        {letters}
      </text>
    </svg>
  );
}

function BotAvatar({ size }: { size: number }) {
  return (
    <svg className="avatar" width={size} height={size} viewBox="0 0 40 40" aria-hidden="true">
      <rect width="40" height="40" rx="11" fill="#3370ff" />
      <path d="M23 7.5 11.4 21.6h7.2L16.8 32.3 28.4 18.2h-7.2z" fill="#fff" />
    </svg>
  );
}

export function GroupAvatar({ id, size = 40 }: { id: string; size?: number }) {
  return (
    <svg className="avatar" width={size} height={size} viewBox="0 0 40 40" aria-hidden="true">
      <rect width="40" height="40" rx="11" fill={`hsl(${hueOf(id)} 40% 44%)`} />
      <g fill="#fff">
        <circle cx="15.5" cy="16" r="4.4" />
        <path d="M7.5 29c0-5 3.4-7.6 8-7.6s8 2.6 8 7.6z" />
        <circle cx="26" cy="17.4" r="3.4" opacity=".75" />
        <path d="M25.4 29h7.4c0-4.3-2.6-6.7-6.4-6.7-.9 0-1.7.1-2.5.4 1 1.6 1.5 3.6 1.5 6.3z" opacity=".75" />
      </g>
    </svg>
  );
}

export function RoleBadges({ roles }: { roles: readonly string[] }) {
  const text = useTexts();
  return roles.map((role) => (
    <span className="badge" data-role={role} key={role}>
      {text.roles[role] ?? role}
    </span>
  ));
}

const icons = {
  back: 'M15 5l-7 7 7 7',
  down: 'M6 9l6 6 6-6',
  send: 'M4 12l16-8-6 17-3-7z',
  attach: 'M19 11l-7.5 7.5a4.6 4.6 0 01-6.5-6.5L13 4a3 3 0 014.3 4.3l-7.8 7.8a1.4 1.4 0 01-2-2L14.5 7.5',
  file: 'M7 3h7l5 5v13H7zM14 3v5h5',
  search: 'M11 18a7 7 0 100-14 7 7 0 000 14zM16 16l5 5',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  download: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  warn: 'M12 8v5M12 16.5v.1M12 21a9 9 0 100-18 9 9 0 000 18z',
  clock: 'M12 7v5l3.5 2M12 21a9 9 0 100-18 9 9 0 000 18z',
};

export function Icon({ name, size = 18 }: { name: keyof typeof icons; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path
        d={icons[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
