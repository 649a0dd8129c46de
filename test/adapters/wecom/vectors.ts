/** The known answers of the fact sheet; V1 is the vendor's own sample, V3–V6 were made with `@wecom/crypto`. */
export const OFFICIAL = {
  token: 'QDG6eK',
  aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  receiveId: 'wx5823bf96d3bd56c7',
};
export const OURS = {
  token: 'emuToken2024',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  receiveId: 'ww1234567890abcdef',
};

export interface Vector {
  name: string;
  token: string;
  aesKey: string;
  receiveId: string;
  timestamp: string;
  nonce: string;
  encrypted: string;
  signature: string;
  plain: string;
}

export const vectors: Vector[] = [
  {
    name: 'V1, the official sample',
    ...OFFICIAL,
    timestamp: '1409659813',
    nonce: '1372623149',
    encrypted:
      'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==',
    signature: '477715d11cdb4164915debcba66cb864d751f3e6',
    plain:
      '<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>\n<FromUserName><![CDATA[mycreate]]></FromUserName>\n<CreateTime>1409659813</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[hello]]></Content>\n<MsgId>4561255354251345929</MsgId>\n<AgentID>218</AgentID>\n</xml>',
  },
  {
    name: 'V2, an echostr',
    ...OFFICIAL,
    timestamp: '1409659589',
    nonce: '263014780',
    encrypted: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
    signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
    plain: '1616140317555161061',
  },
  {
    name: 'V3, Chinese XML',
    ...OURS,
    timestamp: '1700000000',
    nonce: 'n0nce01',
    encrypted:
      'Q3stYC6hdFzMh9T8HCvyDAC/orV9v5SHmZsU0W/0f8EljblEOx5LyIxlymWELVcw5OiVwdYJTks8jCqOfVkGzf/xLrRBKPub4E0rWtnLnhn2uJS3raXvh8vRB6QrCrtRwAX1n6b+o8uQjNHc1rMRIwBI8c9mwwzb+0DhaqbMfIEhBODO9v6H8KzxGVfCoB4QArbVwS0ko/HHpwDbTRSEbkauP7zC65eJL3wSouWhABnAuBI+3AnXAoAEuu04FosIgRfoeRTLAFF9OBX4oAlc6mw6zEiZ7OnYHriln2RXqKyHVy1u0wKxNPTZbqXj+tTF1J6RLyARgeg44q7W0ZzkfWIsuhRaZo142pDkL/7tOAcWE/fc6wlHXTXZzyJMLpO0Hl30b6lHWGsTqu4CGcVSHLHN3bj/90Ew9YPpLbFp5KFa6sY69xW+H+zG7J7dpl+N+xUtfw4gVg6ineVichwExQ==',
    signature: 'f70f217b40ae14313c0e54b83c194f17bc2c002f',
    plain:
      '<xml><ToUserName><![CDATA[ww1234567890abcdef]]></ToUserName><FromUserName><![CDATA[user1]]></FromUserName><CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好，企业微信]]></Content><MsgId>1234567890123456</MsgId><AgentID>1000002</AgentID></xml>',
  },
  {
    name: 'V4, a whole block of padding',
    ...OURS,
    timestamp: '1700000002',
    nonce: 'n0nce03',
    encrypted:
      'Q3stYC6hdFzMh9T8HCvyDHDxbrF7f8TfmYxXSN1y2VZW6cJciwduFWqR/1kOoL39a05bKL02u8r5VWr/o2X0OSWuafq3vK318Y2AemG841CQdZiG5JoDRPNeId+8qW8v',
    signature: 'e3c419cee943eae1ffb13aa9d2a358b288601cda',
    plain: 'x'.repeat(26),
  },
  {
    name: 'V5, our echostr',
    ...OURS,
    timestamp: '1700000003',
    nonce: 'n0nce04',
    encrypted: 'Q3stYC6hdFzMh9T8HCvyDDDUWBPY7VnZndo7Ntw0kLCpVaYucyS3yHY2GtbNbRgP7b+7P3mubqtEvYL/y7o5Ew==',
    signature: '53bccd2e25900a4bd3a48c156568b52dd891923f',
    plain: '8374652910',
  },
  {
    name: 'V6, the robot’s JSON for nobody in particular',
    ...OURS,
    receiveId: '',
    timestamp: '1700000001',
    nonce: 'n0nce02',
    encrypted:
      'Q3stYC6hdFzMh9T8HCvyDOSvRPlc5DxZzGHmxhY3Y/DrxD0STxfTo+p1NIBzTfEqikfO0VO2b+ZFDY2ydi+FIo5oBzBWucxLimOyHXhvXiSj81kvuO/QtlclpH/9Bf8j',
    signature: 'bd82a92be219aafadbc22cd15843856c7c1a1fdb',
    plain: '{"msgtype":"stream","stream":{"id":"s1","finish":true,"content":"ok"}}',
  },
];
