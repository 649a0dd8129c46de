import type { Platforms } from '../../config/platforms.ts';
import type { SignInWay } from '../../http/platform-sign-in.ts';
import { dingtalkSignIn } from './dingtalk.ts';
import { feishuSignIn } from './feishu.ts';
import { wecomSignIn } from './wecom.ts';

/** The platforms that are set up and can say who somebody is. The WeCom robot alone cannot. */
export function signInWays({ feishu, wecom, dingtalk }: Partial<Platforms>): SignInWay[] {
  return [
    ...(feishu === undefined ? [] : [feishuSignIn(feishu)]),
    ...(wecom === undefined ? [] : [wecomSignIn(wecom)]),
    ...(dingtalk === undefined ? [] : [dingtalkSignIn(dingtalk)]),
  ];
}
