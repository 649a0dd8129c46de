import { lexer, type Token, type Tokens } from 'marked';
import { Fragment, type ReactNode } from 'react';

/** The Markdown of cards as React elements. Nothing is parsed as HTML, and links stay words: this is a preview. */
export function Markdown({ text }: { text: string }) {
  return <div className="markdown">{many(lexer(text, { gfm: true, breaks: true }))}</div>;
}

const many = (tokens: readonly Token[]): ReactNode[] =>
  tokens.map((token, index) => <Fragment key={index}>{one(token)}</Fragment>);

function one(token: Token): ReactNode {
  const inner = 'tokens' in token && token.tokens !== undefined ? many(token.tokens) : undefined;
  switch (token.type) {
    case 'space':
      return null;
    case 'paragraph':
    case 'heading':
      return <p>{inner}</p>;
    case 'strong':
      return <strong>{inner}</strong>;
    case 'em':
      return <em>{inner}</em>;
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>;
    case 'br':
      return <br />;
    case 'list':
      return list(token as Tokens.List);
    case 'link':
      return <u>{inner}</u>;
    case 'text':
    case 'escape':
      return inner ?? (token as Tokens.Text).text;
    default:
      return token.raw;
  }
}

function list({ ordered, items }: Tokens.List): ReactNode {
  const lines = items.map((item, index) => <li key={index}>{many(item.tokens)}</li>);
  return ordered ? <ol>{lines}</ol> : <ul>{lines}</ul>;
}
