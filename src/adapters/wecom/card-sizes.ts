/**
 * What a template card shows before the client cuts it off, in characters, and how many lines and options there may be.
 * Source: path/90236 (app) and path/101032 (robot), read 2026-11-22.
 */
export interface CardSizes {
  title: number;
  desc: number;
  subTitle: number;
  rows: number;
  key: number;
  value: number;
  buttons: number;
  button: number;
  option: number;
  voteOption: number;
  voteDesc: number;
  /** No number is documented; ours, so that the card stays readable on a phone. */
  quote: number;
}

export const APP_CARD: CardSizes = {
  title: 36,
  desc: 44,
  subTitle: 160,
  rows: 6,
  key: 5,
  value: 30,
  buttons: 6,
  button: 10,
  option: 16,
  voteOption: 17,
  voteDesc: 160,
  quote: 400,
};

export const ROBOT_CARD: CardSizes = {
  ...APP_CARD,
  title: 26,
  desc: 30,
  subTitle: 112,
  value: 26,
  option: 10,
  voteOption: 11,
  voteDesc: 112,
};
