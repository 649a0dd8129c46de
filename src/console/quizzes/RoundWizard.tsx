import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, InputNumber, Select } from 'antd';
import type { QuizPreview } from '../../features/quizzes/quizzes.api.ts';
import { call, newKey } from '../api.ts';
import { campaignsQuery } from '../campaigns.query.ts';
import { useLanguage } from '../language.ts';
import { Problem } from '../parts.tsx';
import { Markdown } from '../tips/Markdown.tsx';
import { QuestionPicture } from './QuestionPicture.tsx';
import { useQuizTexts } from './quizzes.text.ts';

interface Plan {
  key: string;
  title: string;
  kind: 'daily' | 'span' | 'live';
  campaign: string;
  startsAt: string;
  endsAt: string;
  method: 'accuracy' | 'speed' | 'completion';
  ties: 'faster' | 'earlier' | 'shared';
  winners: number;
  count: number;
  level?: string;
  area?: string;
  seconds: number;
  attempts: number;
  dailyTime: string;
  groupChannel?: string;
  groupId?: string;
}

/** The form's plan as the API takes it; moments are those of this browser's clock and zone. */
function fileOf(plan: Plan): object {
  const group = plan.groupId?.trim();
  return {
    id: plan.key,
    kind: plan.kind,
    title: plan.title,
    startsAt: new Date(plan.startsAt).toISOString(),
    endsAt: new Date(plan.endsAt).toISOString(),
    policy: { method: plan.method, ties: plan.ties, winners: plan.winners },
    blueprint: [
      {
        count: plan.count,
        ...(plan.level === undefined || plan.level === '' ? {} : { level: plan.level }),
        ...(plan.area === undefined || plan.area.trim() === '' ? {} : { area: plan.area.trim() }),
      },
    ],
    secondsPerQuestion: plan.seconds,
    attempts: plan.kind === 'span' ? plan.attempts : 1,
    dailyTime: plan.dailyTime,
    ...(group === undefined || group === ''
      ? {}
      : { group: { channel: plan.groupChannel, account: plan.groupChannel, chatId: group } }),
  };
}

/** Plans a round: what, when, how it counts; then a look at one paper as somebody will get it. */
export function RoundWizard({ onDone }: { onDone: () => void }) {
  const t = useQuizTexts();
  const language = useLanguage();
  const f = t.fields;
  const client = useQueryClient();
  const [form] = Form.useForm<Plan>();
  const kind = Form.useWatch('kind', form);
  const { data: campaigns } = useQuery(campaignsQuery);
  const look = useMutation({
    mutationFn: (plan: Plan) =>
      call<QuizPreview>('/quizzes:preview', { method: 'POST', body: { quiz: fileOf(plan) }, key: newKey() }),
  });
  const save = useMutation({
    mutationFn: (plan: Plan) =>
      call(`/quizzes/${plan.key}`, {
        method: 'PUT',
        body: { quiz: fileOf(plan), campaign: plan.campaign },
        key: newKey(),
      }),
    async onSuccess() {
      await client.invalidateQueries();
      onDone();
    },
  });
  const choices = (words: Record<string, string>) =>
    Object.entries(words).map(([value, label]) => ({ value, label }));
  const needed = [{ required: true }];
  return (
    <div className="quiz-plan">
      <Form
        form={form}
        layout="vertical"
        className="panel"
        initialValues={{
          kind: 'span',
          method: 'accuracy',
          ties: 'faster',
          winners: 3,
          count: 10,
          level: '',
          seconds: 20,
          attempts: 1,
          dailyTime: '10:30',
          groupChannel: 'sandbox',
        }}
        onFinish={(plan) => save.mutate(plan)}
      >
        <Form.Item name="title" label={f.title} rules={needed}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item
          name="key"
          label={f.key}
          rules={[{ required: true, pattern: /^[a-z0-9][a-z0-9-]{1,60}$/ }]}
        >
          <Input maxLength={61} />
        </Form.Item>
        <Form.Item name="kind" label={f.kind}>
          <Select options={choices(t.roundKinds)} />
        </Form.Item>
        <Form.Item name="campaign" label={f.campaign} rules={needed}>
          <Select options={(campaigns?.items ?? []).map(({ key, name }) => ({ value: key, label: name }))} />
        </Form.Item>
        <Form.Item name="startsAt" label={f.startsAt} rules={needed}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="endsAt" label={f.endsAt} rules={needed}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="count" label={f.count}>
          <InputNumber min={1} max={100} />
        </Form.Item>
        <Form.Item name="level" label={f.level}>
          <Select options={[{ value: '', label: f.any }, ...choices(t.levels)]} />
        </Form.Item>
        <Form.Item name="area" label={f.area}>
          <Input maxLength={40} placeholder="spreadsheets" />
        </Form.Item>
        <Form.Item name="method" label={f.method}>
          <Select options={choices(t.methods)} />
        </Form.Item>
        <Form.Item name="ties" label={f.ties}>
          <Select options={choices(t.ties)} />
        </Form.Item>
        <Form.Item name="winners" label={f.winners}>
          <InputNumber min={0} max={1000} />
        </Form.Item>
        <Form.Item name="seconds" label={f.seconds}>
          <InputNumber min={5} max={600} />
        </Form.Item>
        <Form.Item name="attempts" label={f.attempts} hidden={kind !== 'span'}>
          <InputNumber min={1} max={5} />
        </Form.Item>
        <Form.Item name="dailyTime" label={f.dailyTime} hidden={kind !== 'daily'}>
          <Input type="time" />
        </Form.Item>
        <Form.Item name="groupChannel" label={f.groupChannel}>
          <Select
            options={['sandbox', 'wecom', 'feishu', 'dingtalk'].map((value) => ({ value, label: value }))}
          />
        </Form.Item>
        <Form.Item name="groupId" label={f.groupId}>
          <Input maxLength={200} />
        </Form.Item>
        {save.error === null ? null : <Problem error={save.error} />}
        <p className="quiz-actions">
          <Button
            onClick={() =>
              void form.validateFields().then(
                (plan) => look.mutate(plan),
                () => undefined,
              )
            }
          >
            {t.preview}
          </Button>
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t.save}
          </Button>
        </p>
      </Form>
      <aside aria-label={t.preview}>
        {look.error === null ? null : <Problem error={look.error} />}
        {look.data === undefined ? null : (
          <>
            <section className="panel">
              <h2>{t.rules}</h2>
              <p>{look.data.rules[language]}</p>
              {look.data.slots.map(({ wanted, fitting }, index) => (
                <p key={index} className={fitting < wanted ? 'problem' : 'muted'}>
                  {t.fits(wanted, fitting)}
                </p>
              ))}
            </section>
            {look.data.cards.map(({ title, body, picture, buttons }) => (
              <article key={title} className="panel">
                <h2>{title}</h2>
                <QuestionPicture name={picture} alt={title} />
                <Markdown text={body} />
                <p className="quiz-buttons">
                  {buttons.map((label) => (
                    <span key={label}>{label}</span>
                  ))}
                </p>
              </article>
            ))}
          </>
        )}
      </aside>
    </div>
  );
}
