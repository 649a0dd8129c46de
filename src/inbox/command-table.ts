import { type ActionSealer, ANYBODY, type OpenedAction } from '../chat/action-id.ts';
import { asksSomething } from '../chat/argument.ts';
import type { Actor, Command } from '../chat/command.ts';
import type { ChatEvent } from '../chat/event.ts';
import { normalise, wordForm } from '../chat/words.ts';
import { permitsInChat } from '../kernel/permissions.ts';

export interface Resolved {
  command: Command;
  argument: string;
  action: OpenedAction | undefined;
  /** What was typed is no word of ours, or only begins like one: an open question may take it. */
  free: boolean;
}

/** Longer texts, and those of several lines, are sentences that happen to begin like a word. */
const LONGEST_WITH_ARGUMENT = 20;

/** The commands that answer when no word and no button fits. Each is a command without words. */
export interface Fallbacks {
  /** Text that is no word of ours. */
  unknown: Command;
  /** A button whose id we did not seal, or whose command is gone. */
  forged: Command;
  /** A button on a card that belongs to somebody else. */
  notYours: Command;
  /** A word for a role that the person does not have. */
  forbidden: Command;
  /** The private chat was opened. */
  entered: Command;
  file: Command;
}

export interface CommandTable {
  /** Every command, those that answer to nothing but buttons included. */
  all: readonly Command[];
  /** For 帮助: the commands that this person may use. */
  of(actor: Actor): Command[];
  named(name: string): Command | undefined;
  /** Whether this is a word of ours, whoever says it. */
  knows(text: string): boolean;
  resolve(event: ChatEvent, actor: Actor, sealer: ActionSealer): Resolved;
}

/** Throws when two commands share a name or a word: nobody could tell which one answers. */
export function commandTable(commands: readonly Command[], fallbacks: Fallbacks): CommandTable {
  const byName = new Map<string, Command>();
  const byWord = new Map<string, Command>();
  const beforeArgument: (readonly [string, Command])[] = [];
  for (const command of commands) {
    if (byName.has(command.name)) throw new Error(`two commands are named ${command.name}`);
    byName.set(command.name, command);
    for (const word of command.words) {
      const form = wordForm(word);
      const other = byWord.get(form);
      if (other !== undefined && other !== command)
        throw new Error(`${other.name} and ${command.name} both answer to ${word}`);
      byWord.set(form, command);
    }
    for (const word of command.wordsBeforeArgument ?? []) beforeArgument.push([wordForm(word), command]);
  }
  const spoken = [...byWord, ...beforeArgument];
  const mayUse = (actor: Actor, command: Command): boolean => permitsInChat(actor.roles, command.permission);

  function resolveText(text: string): { command: Command; argument: string } | undefined {
    const whole = byWord.get(wordForm(text));
    if (whole !== undefined) return { command: whole, argument: '' };
    return withArgument(normalise(text));
  }

  /** The longest word that the text begins with, if its command takes what stands behind it. */
  function withArgument(text: string): { command: Command; argument: string } | undefined {
    let found: { command: Command; argument: string; length: number } | undefined;
    for (const [word, command] of spoken) {
      const rest = behind(word, text);
      if (rest === undefined || word.length <= (found?.length ?? 0)) continue;
      const argument = rest.replace(/^[\s:,、]+/, '');
      if (takes(command, argument, argument === rest)) found = { command, argument, length: word.length };
    }
    return found;
  }

  return {
    named: (name) => byName.get(name),
    knows: (text) => resolveText(text) !== undefined,
    all: commands,
    of: (actor) => commands.filter((command) => command.help !== undefined && mayUse(actor, command)),
    resolve(event, actor, sealer) {
      const { payload } = event;
      const plain = (command: Command, argument = '', free = false): Resolved => ({
        command,
        argument,
        action: undefined,
        free,
      });
      switch (payload.kind) {
        case 'text': {
          const found = resolveText(payload.text);
          if (found === undefined) return plain(fallbacks.unknown, normalise(payload.text), true);
          const command = mayUse(actor, found.command) ? found.command : fallbacks.forbidden;
          const free = found.argument !== '' && isSentence(payload.text);
          return plain(command, found.argument, free);
        }
        case 'action': {
          const action = sealer.open(payload.actionId);
          const command = action === undefined ? undefined : byName.get(action.name);
          if (action === undefined || command === undefined) return plain(fallbacks.forged);
          if (action.employeeId !== ANYBODY && action.employeeId !== actor.employeeId)
            return { ...plain(fallbacks.notYours), action };
          if (!mayUse(actor, command)) return plain(fallbacks.forbidden);
          return { command, argument: '', action, free: false };
        }
        case 'entered':
        case 'read':
          return plain(fallbacks.entered);
        case 'file':
          return plain(fallbacks.file);
      }
    },
  };
}

function takes({ takesArgument }: Command, argument: string, isGlued: boolean): boolean {
  if (typeof takesArgument === 'function') return takesArgument(argument);
  return takesArgument === true && !(isGlued && asksSomething(argument));
}

function isSentence(text: string): boolean {
  return text.trim().includes('\n') || Array.from(normalise(text)).length > LONGEST_WITH_ARGUMENT;
}

/**
 * What follows `word` in `text`, where blanks within the word do not matter; undefined when it does not begin so, or
 * goes on as a longer word (rate, rates).
 */
function behind(word: string, text: string): string | undefined {
  let at = 0;
  for (const letter of word) {
    while (text[at] === ' ') at += 1;
    if (!text.startsWith(letter, at)) return undefined;
    at += letter.length;
  }
  return /[a-z]$/.test(word) && /^[a-z]/.test(text.slice(at)) ? undefined : text.slice(at);
}
