import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd';
import { useContext, useState } from 'react';
import type { TrainingView } from '../../features/trainings/trainings.api.ts';
import { call, newKey } from '../api.ts';
import { Problem } from '../parts.tsx';
import { ZoneContext } from '../times.ts';
import { useSend } from '../use-send.ts';
import { emptyPlan, inputOf, type Plan, planOf } from './plan.ts';
import { useTrainingTexts } from './trainings.text.ts';

interface Changed {
  training: TrainingView;
  told: number;
  movedUp: number;
}

/** Plans a class or a series, and changes one; what was written stays, whatever the server says. */
export function SessionEditor({
  training,
  onMade,
}: {
  training: TrainingView | undefined;
  onMade?: (id: string) => void;
}) {
  const t = useTrainingTexts();
  const f = t.fields;
  const zone = useContext(ZoneContext);
  const client = useQueryClient();
  const [form] = Form.useForm<Plan>();
  const [said, setSaid] = useState('');
  const save = useMutation({
    async mutationFn(plan: Plan): Promise<Changed> {
      const key = newKey();
      const body = inputOf(plan);
      if (training !== undefined)
        return call<Changed>(`/trainings/${training.id}`, { method: 'PUT', body, key });
      if (plan.repeats > 1) {
        const series = { title: plan.title, everyDays: plan.everyDays, count: plan.repeats, training: body };
        const made = await call<{ items: TrainingView[] }>('/trainings:series', {
          method: 'POST',
          body: series,
          key,
        });
        return { training: made.items[0] as TrainingView, told: 0, movedUp: 0 };
      }
      const made = await call<TrainingView>('/trainings', { method: 'POST', body, key });
      return { training: made, told: 0, movedUp: 0 };
    },
    async onSuccess({ training: made, told, movedUp }) {
      await client.invalidateQueries();
      setSaid(t.told(told, movedUp));
      if (training === undefined) onMade?.(made.id);
    },
  });
  const choices = (words: Record<string, string>) =>
    Object.entries(words).map(([value, label]) => ({ value, label }));
  const needed = [{ required: true }];
  return (
    <Form
      form={form}
      layout="vertical"
      className="panel training-form"
      initialValues={training === undefined ? emptyPlan(zone) : planOf(training)}
      onFinish={(plan) => save.mutate({ ...emptyPlan(zone), ...plan })}
    >
      {training === undefined ? null : <Deeds training={training} />}
      <div className="training-fields">
        <Form.Item name="title" label={f.title} rules={needed} className="wide">
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="kind" label={f.kind}>
          <Select options={choices(t.kinds)} />
        </Form.Item>
        <Form.Item name="form" label={f.form}>
          <Select options={choices(t.forms)} />
        </Form.Item>
        <Form.Item name="scope" label={f.scope}>
          <Select options={choices(t.scopes)} />
        </Form.Item>
        <Form.Item name="startsAt" label={f.startsAt} rules={needed}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="endsAt" label={f.endsAt} rules={needed}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="zone" label={f.zone} rules={needed}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="place" label={f.place}>
          <Input maxLength={150} />
        </Form.Item>
        <Form.Item name="link" label={f.link}>
          <Input maxLength={1000} />
        </Form.Item>
        <Form.Item name="lecturer" label={f.lecturer}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="seats" label={f.seats}>
          <InputNumber min={1} max={100_000} />
        </Form.Item>
        <Form.Item name="lateAfterMinutes" label={f.late}>
          <InputNumber min={0} max={240} />
        </Form.Item>
        <Form.Item name="leastMinutes" label={f.least}>
          <InputNumber min={0} max={1440} />
        </Form.Item>
        <Form.Item name="walkIns" valuePropName="checked" className="wide">
          <Checkbox>{f.walkIns}</Checkbox>
        </Form.Item>
        <Form.Item name="about" label={f.about} className="wide">
          <Input.TextArea rows={3} maxLength={1500} />
        </Form.Item>
        <Form.Item name="reminders" label={f.reminders}>
          <Select mode="tags" tokenSeparators={[' ', ',']} />
        </Form.Item>
        <Form.Item name="quizKey" label={f.quiz}>
          <Input maxLength={61} />
        </Form.Item>
        <Form.Item name="recordingUrl" label={f.recording}>
          <Input maxLength={1000} />
        </Form.Item>
        <Form.Item name="quotas" label={f.quotas} className="wide">
          <Input.TextArea rows={2} />
        </Form.Item>
        <Form.Item name="links" label={f.links} className="wide">
          <Input.TextArea rows={2} />
        </Form.Item>
        {training === undefined ? (
          <>
            <Form.Item name="repeats" label={f.repeats}>
              <InputNumber min={1} max={30} />
            </Form.Item>
            <Form.Item name="everyDays" label={f.everyDays}>
              <InputNumber min={1} max={90} />
            </Form.Item>
          </>
        ) : null}
      </div>
      {save.error === null ? null : <Problem error={save.error} />}
      <p className="training-actions">
        <Button
          type="primary"
          htmlType="submit"
          loading={save.isPending}
          disabled={training?.state === 'cancelled'}
        >
          {t.save}
        </Button>
        <span className="muted" role="status">
          {said}
        </span>
      </p>
    </Form>
  );
}

/** What can be done with a class besides editing it. */
function Deeds({ training: { id, state, readyAt } }: { training: TrainingView }) {
  const t = useTrainingTexts();
  const send = useSend();
  const cancel = (): void => {
    const reason = prompt(t.cancelAsk)?.trim();
    if (reason !== undefined && reason !== '')
      send.mutate({ path: `/trainings/${id}/cancel`, body: { reason } });
  };
  return (
    <>
      <p className="training-actions">
        {state === 'draft' ? (
          <Button
            type="primary"
            loading={send.isPending}
            onClick={() => send.mutate({ path: `/trainings/${id}/open`, body: {} })}
          >
            {t.open}
          </Button>
        ) : null}
        {state !== 'cancelled' && readyAt === null ? (
          <Button onClick={() => send.mutate({ path: `/trainings/${id}/ready`, body: {} })}>
            {t.makeReady}
          </Button>
        ) : null}
        {state === 'cancelled' ? null : (
          <Button danger onClick={cancel}>
            {t.cancel}
          </Button>
        )}
      </p>
      {send.error === null ? null : <Problem error={send.error} />}
    </>
  );
}
