import type { TrainingInput, TrainingView } from '../../features/trainings/trainings.api.ts';

/** A class as the form holds it; moments are those of the console's zone. */
export interface Plan {
  title: string;
  about: string;
  kind: TrainingView['kind'];
  form: TrainingView['form'];
  scope: TrainingView['scope'];
  lecturer: string;
  place: string;
  link: string;
  zone: string;
  startsAt: string;
  endsAt: string;
  seats: number | null;
  quotas: string;
  walkIns: boolean;
  lateAfterMinutes: number;
  leastMinutes: number | null;
  reminders: string[];
  links: string;
  quizKey: string;
  recordingUrl: string;
  repeats: number;
  everyDays: number;
}

export const emptyPlan = (zone: string): Plan => ({
  title: '',
  about: '',
  kind: 'on-site',
  form: 'live',
  scope: 'general',
  lecturer: '',
  place: '',
  link: '',
  zone,
  startsAt: '',
  endsAt: '',
  seats: null,
  quotas: '',
  walkIns: false,
  lateAfterMinutes: 10,
  leastMinutes: null,
  reminders: ['7d', '3d', '1d', '1h'],
  links: '',
  quizKey: '',
  recordingUrl: '',
  repeats: 1,
  everyDays: 7,
});

export function planOf(view: TrainingView): Plan {
  const { quotas, materialLinks, startsAt, endsAt, zone } = view;
  return {
    ...view,
    place: view.place ?? '',
    link: view.link ?? '',
    startsAt: wallOf(startsAt, zone),
    endsAt: wallOf(endsAt, zone),
    quotas: quotas.map(({ department, seats }) => `${department} ${seats}`).join('\n'),
    links: materialLinks.map(({ label, url }) => `${label} ${url}`).join('\n'),
    quizKey: view.quizKey ?? '',
    recordingUrl: view.recordingUrl ?? '',
    repeats: 1,
    everyDays: 7,
  };
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
const linesOf = (text: string): string[][] =>
  text
    .split('\n')
    .map((line) => line.trim().split(/[\s,，]+/))
    .filter(([first]) => first !== undefined && first !== '');

/** `名称 链接`: the link is the last word, and may hold commas, as the name may. */
function linkIn(line: string): { label: string; url: string } {
  const [, label = '', url = line] = /^(.*?)[\s,，]*([a-z][a-z\d+.-]*:\/\/\S+)$/i.exec(line) ?? [];
  return { label: label === '' ? url : label, url };
}

export function inputOf(plan: Plan): TrainingInput {
  const { repeats: _once, everyDays: _week, links, quotas, seats, leastMinutes, ...rest } = plan;
  return {
    title: rest.title,
    about: rest.about,
    kind: rest.kind,
    form: rest.form,
    scope: rest.scope,
    lecturer: rest.lecturer,
    place: orNull(rest.place),
    link: orNull(rest.link),
    zone: rest.zone,
    startsAt: instantOf(rest.startsAt, rest.zone),
    endsAt: instantOf(rest.endsAt, rest.zone),
    seats,
    leastMinutes,
    walkIns: rest.walkIns,
    lateAfterMinutes: rest.lateAfterMinutes,
    reminders: rest.reminders,
    quotas: linesOf(quotas).map(([department = '', many]) => ({ department, seats: Number(many) })),
    materialLinks: links
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
      .map(linkIn),
    quizKey: orNull(rest.quizKey),
    recordingUrl: orNull(rest.recordingUrl),
  };
}

/** `2026-09-22T14:00`: what a clock on the wall of `zone` shows. */
export function wallOf(iso: string, zone: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(new Date(iso));
  return parts.replace(' ', 'T');
}

/** The moment at which the wall of `zone` shows this; of two such moments the earlier. */
export function instantOf(wall: string, zone: string): string {
  const guess = Date.parse(`${wall}:00Z`);
  // A zone is at most 14 hours from UTC, and its distance there may differ from that at the moment meant.
  const offsets = [guess - 86_400_000, guess + 86_400_000].map((at) => {
    const shown = Date.parse(`${wallOf(new Date(at).toISOString(), zone)}:00Z`);
    return Math.round((shown - at) / 60_000) * 60_000;
  });
  const found = offsets
    .map((offset) => new Date(guess - offset).toISOString())
    .sort()
    .find((iso) => wallOf(iso, zone) === wall);
  return found ?? new Date(guess - (offsets[0] ?? 0)).toISOString();
}
