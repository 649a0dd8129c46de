import type { AddressInfo } from 'node:net';
import { cardHandlers } from './cards.ts';
import { type Deeds, deedsOf } from './deeds.ts';
import { directoryHandlers } from './directory.ts';
import { entranceHandlers } from './entrance.ts';
import type { Delivery } from './pushes.ts';
import { robotHandlers } from './robot.ts';
import { httpSide } from './server.ts';
import type { SimulatorSettings } from './settings.ts';
import { type Counts, type Fault, newState, type Shelf, type SimulatedPerson } from './state.ts';
import { type StreamSide, streamSide } from './streams.ts';
import { type CardTemplate, shippedTemplate } from './template.ts';
import { say } from './values.ts';
import { type Shown, shown } from './view.ts';
import { workHandlers } from './work.ts';

export { type SimulatorSettings } from './settings.ts';
export type { Fault } from './state.ts';
export type { Shown } from './view.ts';

/** DingTalk on this machine: api, oapi and stream on one port. */
export interface DingtalkSimulator {
  url: string;
  settings: SimulatorSettings;
  counts: Counts;
  streams: Pick<StreamSide, 'live' | 'opened' | 'raw' | 'disconnect' | 'turnToZombies' | 'cut'>;
  deeds: Deeds;
  /** From now on the app hears at this address, or by its streams. */
  deliverTo(delivery: Delivery): void;
  addPerson(person: Partial<SimulatedPerson> & { userid: string }): void;
  removePerson(userid: string): void;
  addDepartment(department: { id: number; name: string; parent: number; hidden?: boolean }): void;
  addGroup(group: { id: string; name: string; members: readonly string[]; hasBot?: boolean }): void;
  flowControl(userid: string, on: boolean): void;
  /** Goes wrong once on the next call of a path that fits, one after the other. */
  breaks(...faults: Fault[]): void;
  shown(shelf: Shelf): Shown[];
  /** The bytes of the file that a message brought. */
  opens(shelf: Shelf, key: string): Buffer;
  /** How many pictures were uploaded. */
  pictures(): number;
  close(): Promise<void>;
}

export async function startDingtalkSimulator(
  given: Partial<SimulatorSettings> & { port?: number; template?: CardTemplate } = {},
): Promise<DingtalkSimulator> {
  const { port = 0, template = shippedTemplate(), ...settings } = given;
  const state = newState(settings);
  let url = '';
  const server = httpSide(state, {
    ...entranceHandlers(state, () => `${url.replace('http:', 'ws:')}/connect`),
    ...robotHandlers(state),
    ...cardHandlers(state),
    ...workHandlers(state),
    ...directoryHandlers(state),
  });
  const streams = streamSide(state, server);
  let delivery: Delivery = { kind: 'stream' };
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    settings: state.settings,
    counts: state.counts,
    streams,
    deeds: deedsOf(
      state,
      streams,
      () => delivery,
      template,
      () => url,
    ),
    deliverTo(to) {
      delivery = to;
    },
    addPerson({ userid, ...person }) {
      const own = {
        unionid: `union-${userid}`,
        name: userid,
        jobNumber: userid,
        title: '',
        departments: [1],
      };
      state.people.set(userid, { userid, ...own, active: true, ...person });
    },
    removePerson: (userid) => void state.people.delete(userid),
    addDepartment: (department) => void state.departments.set(department.id, department),
    addGroup({ id, name, members, hasBot = true }) {
      state.groups.set(id, { id, name, members: new Set(members), hasBot });
    },
    flowControl(userid, on) {
      if (on) state.flowControlled.add(userid);
      else state.flowControlled.delete(userid);
    },
    breaks: (...faults) => void state.faults.push(...faults),
    shown: (shelf) => shown(state, shelf, template),
    opens(shelf, key) {
      const content = state.shelves.get(shelf)?.find((message) => message.key === key)?.content ?? {};
      const media = state.media.get(say(content['mediaId'] ?? content['media_id']));
      if (media === undefined) throw new Error('no file there');
      return media.bytes;
    },
    pictures: () => [...state.media.values()].filter(({ type }) => type === 'image').length,
    async close() {
      streams.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
