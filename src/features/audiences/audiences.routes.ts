import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, principalOf } from '../../http/auth.ts';
import { scopeOf } from '../../http/authorise.ts';
import { pageAmong, pageQuery } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import type { Reading } from '../../kernel/reading.ts';
import type { Clock } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import {
  type AudienceView,
  audienceInput,
  audienceShape,
  audiencesPage,
  previewInput,
  previewShape,
  taggedShape,
  tagInput,
  tagsPage,
} from './audiences.api.ts';
import {
  type Audience,
  audienceById,
  audiencesInUse,
  createAudience,
  preview,
  retireAudience,
  tagPeople,
  tagsInUse,
} from './audiences.service.ts';

export interface AudienceRoutesDeps {
  db: Db;
  clock: Clock;
  reading: Reading;
}

const tags = ['audiences'];
const byId = z.object({ id: z.uuid() });

/** Audiences by name, what a definition would reach, and the tags that definitions may ask for. */
export function audienceRoutes({ db, clock, reading }: AudienceRoutesDeps): ApiRoutes {
  const line = (request: FastifyRequest, action: string, subject: string) => ({
    at: clock.now(),
    actor: actorOf(request),
    action,
    subject,
  });

  return (api) => {
    api.post(
      '/audiences::preview',
      {
        schema: {
          summary: 'How many a definition reaches now, and 20 of them',
          tags,
          body: previewInput,
          response: { 200: previewShape },
        },
        config: { permission: 'audiences.read' },
      },
      async (request) => {
        const scope = scopeOf(request);
        const what = { action: 'audiences.preview', subject: 'definition' };
        return reading(principalOf(request), what, (tx) =>
          preview(tx, request.body.definition, clock.now(), scope),
        );
      },
    );

    api.get(
      '/audiences',
      {
        schema: {
          summary: 'Audiences in use by name',
          tags,
          querystring: pageQuery.strict(),
          response: { 200: audiencesPage },
        },
        config: { permission: 'notices.read' },
      },
      async ({ query }) => pageAmong((await audiencesInUse(db)).map(view), query, ({ id }) => id),
    );

    api.get(
      '/audiences/:id/preview',
      {
        schema: {
          summary: 'How many an audience reaches by its definition now, and 20 of them',
          tags,
          params: byId,
          response: { 200: previewShape },
        },
        config: { permission: 'audiences.read' },
      },
      async (request) => {
        const scope = scopeOf(request);
        const { id } = request.params;
        const what = { action: 'audiences.preview', subject: `audience=${id}` };
        return reading(principalOf(request), what, async (tx) =>
          preview(tx, (await audienceById(tx, id)).definition, clock.now(), scope),
        );
      },
    );

    api.post(
      '/audiences',
      {
        schema: {
          summary: 'Give a definition a name; a frozen one keeps the people who fit now',
          tags,
          body: audienceInput,
          response: { 201: audienceShape },
        },
        config: { permission: 'audiences.write' },
      },
      async (request, reply) => {
        const made = await db.transaction(async (tx) => {
          const audience = await createAudience(tx, { ...request.body, at: clock.now() });
          await recordAudit(tx, line(request, 'audiences.create', `audience=${audience.id}`));
          return audience;
        });
        return reply.code(201).send(view(made));
      },
    );

    api.delete(
      '/audiences/:id',
      {
        schema: {
          summary: 'Take an audience out of use',
          tags,
          params: byId,
          response: { 200: audienceShape },
        },
        config: { permission: 'audiences.write' },
      },
      async (request) => {
        const { id } = request.params;
        return db.transaction(async (tx) => {
          const audience = await retireAudience(tx, id, clock.now());
          await recordAudit(tx, line(request, 'audiences.retire', `audience=${id}`));
          return view(audience);
        });
      },
    );

    api.get(
      '/audience-tags',
      {
        schema: {
          summary: 'Tags, and how many people have each',
          tags,
          querystring: pageQuery.strict(),
          response: { 200: tagsPage },
        },
        config: { permission: 'audiences.write' },
      },
      async ({ query }) => pageAmong(await tagsInUse(db), query, ({ tag }) => tag),
    );

    api.post(
      '/audience-tags',
      {
        schema: {
          summary: 'Put a tag on people, and take it from others',
          tags,
          body: tagInput,
          response: { 200: taggedShape },
        },
        config: { permission: 'audiences.write' },
      },
      async (request) =>
        db.transaction(async (tx) => {
          const done = await tagPeople(tx, request.body);
          await recordAudit(tx, line(request, 'audiences.tag', `tag=${done.tag}`));
          return done;
        }),
    );
  };
}

function view({ id, name, definition, mode, createdAt }: Audience): AudienceView {
  return { id, name, definition, mode, createdAt: createdAt.toString() };
}
