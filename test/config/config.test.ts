import { describe, expect, it } from '@jest/globals';
import { type Config, loadConfig } from '#src/config.ts';
import { FEISHU, load, missing, problemsOf, WECOM } from './load.ts';

describe('defaults', () => {
  it('needs nothing at all', () => {
    expect(load({})).toMatchObject({
      host: '127.0.0.1',
      port: 8787,
      publicUrl: 'http://127.0.0.1:8787',
      role: 'all',
      dataDir: './var',
      logLevel: 'info',
      clock: 'system',
      sandbox: true,
      behaviour: { content: { campaign: 'config/content/office-suite' }, exports: { keepDays: 30 } },
    });
  });

  it('takes the public address from host and port when it is not given', () => {
    expect(load({ HOST: '::1', PORT: '9000' }).publicUrl).toBe('http://[::1]:9000');
    expect(load({ CUHUO_PUBLIC_URL: 'https://cuhuo.example.com/' }).publicUrl).toBe(
      'https://cuhuo.example.com',
    );
  });

  it('counts an empty variable as absent', () => {
    expect(load({ PORT: '', CUHUO_FEISHU_APP_ID: '' }).port).toBe(8787);
  });

  it('cannot be changed by anybody who holds it', () => {
    const config = load(WECOM);
    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.platforms.wecom ?? {}, { secret: '' })).toThrow(TypeError);
    expect(() => (config.behaviour.calendar.workdays as string[]).push('2026-01-01')).toThrow(TypeError);
  });
});

describe('problems', () => {
  it('come all at once, one line each, with what would be right', () => {
    const problems = problemsOf({
      PORT: '70000',
      CUHUO_ROLE: 'boss',
      CUHUO_CLOCK: 'fast',
      DATABASE_URL: 'mysql://x',
    });
    expect(problems).toEqual([
      'PORT: is not a port; give a whole number from 1 to 65535',
      'DATABASE_URL: is not such an address; give one like postgres://user:password@host:5432/cuhuo',
      'CUHUO_ROLE: is not one of its words; give all, web, worker',
      'CUHUO_CLOCK: is not one of its words; give system, manual',
    ]);
  });

  it('join the environment and the YAML file in one message', () => {
    const problems = problemsOf({ PORT: 'x' }, 'exports:\n  keepDays: none\n');
    expect(problems).toHaveLength(2);
    expect(problems[1]).toMatch(/^config\/cuhuo\.yaml:2: exports\.keepDays: is not such a number/);
  });

  it.each([
    ['CUHUO_LOG_LEVL', 'CUHUO_LOG_LEVEL'],
    ['CUHUO_FEISHU_APPID', 'CUHUO_FEISHU_APP_ID'],
    ['CUHUO_WECOM_BOT_SECRT', 'CUHUO_WECOM_BOT_SECRET'],
    ['CUHUO_PORT', 'PORT'],
    ['CUHUO_DATABASE_URL', 'DATABASE_URL'],
  ])('%s is answered with %s', (typo, known) => {
    expect(problemsOf({ [typo]: 'x' })).toEqual([`${typo}: is not a known name; the nearest is ${known}`]);
  });

  it('never show a value, secret or not', () => {
    const value = 'hunter2 hunter2';
    const names = ['CUHUO_ADMIN_TOKEN', 'CUHUO_SECRET_KEY', 'DATABASE_URL', 'REDIS_URL', 'CUHUO_PUBLIC_URL'];
    const platform = [
      'CUHUO_FEISHU_APP_SECRET',
      'CUHUO_WECOM_AES_KEY',
      'CUHUO_DINGTALK_CLIENT_SECRET',
      'CUHUO_NONSENSE',
    ];
    const problems = problemsOf(Object.fromEntries([...names, ...platform].map((name) => [name, value])));
    expect(problems.length).toBeGreaterThan(8);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it.each([
    ['too short', Buffer.alloc(31).toString('base64')],
    ['too long', Buffer.alloc(33).toString('base64')],
    ['no base64', '*'.repeat(44)],
  ])('name the secret key when it is %s', (_name, key) => {
    expect(problemsOf({ CUHUO_SECRET_KEY: key })).toEqual([
      expect.stringContaining('CUHUO_SECRET_KEY: is not 32 bytes'),
    ]);
  });

  it.each(['ftp://x', 'cuhuo.example.com', 'https://x/path', 'https://x/?a=1', 'https://me:pw@x'])(
    'refuse the public address %s',
    (address) => {
      expect(problemsOf({ CUHUO_PUBLIC_URL: address })).toEqual([
        expect.stringMatching(/^CUHUO_PUBLIC_URL: /),
      ]);
    },
  );
});

describe('the secret key', () => {
  it('is decoded to its 32 bytes', () => {
    const key = Buffer.alloc(32, 7);
    expect(load({ CUHUO_SECRET_KEY: key.toString('base64') }).secretKey?.equals(key)).toBe(true);
  });
});

describe('a manual clock', () => {
  it.each([
    ['the default host', {}],
    ['a subdomain of it', { CUHUO_FEISHU_BASE_URL: 'https://eu.open.feishu.cn' }],
    ['the international host', { CUHUO_FEISHU_BASE_URL: 'https://open.larksuite.com' }],
  ])('is refused beside %s of a platform', (_name, address) => {
    expect(problemsOf({ ...FEISHU, ...address, CUHUO_CLOCK: 'manual' })).toEqual([
      expect.stringMatching(/^CUHUO_CLOCK: manual is refused while CUHUO_FEISHU_BASE_URL /),
    ]);
  });

  it('is accepted beside a simulator, and without any platform', () => {
    const simulator = { ...FEISHU, CUHUO_FEISHU_BASE_URL: 'http://127.0.0.1:9001', CUHUO_CLOCK: 'manual' };
    expect(load(simulator).clock).toBe('manual');
    expect(load({ CUHUO_CLOCK: 'manual' }).clock).toBe('manual');
  });
});

describe('the file of CUHUO_CONFIG', () => {
  const config = (path: string, readFile: (path: string) => string): Config =>
    loadConfig({ CUHUO_CONFIG: path }, { readFile });

  it('is read from where it says', () => {
    expect(
      config('/etc/my.yaml', (path) => (path === '/etc/my.yaml' ? 'inbox: { keepDays: 9 }' : missing(path))),
    ).toMatchObject({ behaviour: { inbox: { keepDays: 9 } } });
  });

  it('must exist, unlike the default one', () => {
    expect(() => config('/etc/my.yaml', missing)).toThrow(/CUHUO_CONFIG: there is no file \/etc\/my\.yaml/);
    expect(() => loadConfig({}, { readFile: missing })).not.toThrow();
  });

  it('must be readable', () => {
    const denied = () => {
      throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    };
    expect(() => loadConfig({}, { readFile: denied })).toThrow(/CUHUO_CONFIG: cannot read the file; EACCES/);
  });
});
