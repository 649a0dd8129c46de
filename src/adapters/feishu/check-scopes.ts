import type { ApiCall } from './client.ts';

/** A call that needs one API scope and, with it, still does nothing: it names what does not exist, or nobody. */
interface Probe extends Omit<ApiCall, 'name'> {
  scope: string;
  /** What an app that has the scope is answered; the lack of it is 99991672 for every call. */
  expected: readonly string[];
}

const NO_MESSAGE = '/im/v1/messages/om_00000000000000000000000000000000';
const UNKNOWN = ['99992354', '99992402', '230001', '230002', '230012', '230026', '230110'];

export const probes: readonly Probe[] = [
  {
    scope: 'im:message',
    path: `${NO_MESSAGE}/read_users`,
    query: { user_id_type: 'open_id' },
    expected: UNKNOWN,
  },
  { scope: 'im:message:recall', method: 'DELETE', path: NO_MESSAGE, expected: UNKNOWN },
  {
    scope: 'im:message.urgent',
    method: 'PATCH',
    path: `${NO_MESSAGE}/urgent_app`,
    query: { user_id_type: 'open_id' },
    body: { user_id_list: [] },
    expected: UNKNOWN,
  },
  {
    // To nobody.
    scope: 'im:message:send_multi_users',
    path: '/message/v4/batch_send/',
    body: { msg_type: 'text', content: { text: '-' }, open_ids: [] },
    expected: ['10003', '11101'],
  },
  // A form without a picture.
  {
    scope: 'im:resource',
    path: '/im/v1/images',
    body: emptyForm(),
    expected: ['234001', '234010', '99992402'],
  },
  {
    scope: 'contact:contact.base:readonly',
    path: '/contact/v3/scopes',
    query: { page_size: 1 },
    expected: [],
  },
  {
    scope: 'contact:department.organize:readonly',
    path: '/contact/v3/departments/0/children',
    query: { page_size: 1 },
    // An app that may see parts only.
    expected: ['40004', '40014'],
  },
];

function emptyForm(): FormData {
  const form = new FormData();
  form.set('image_type', 'message');
  return form;
}
