import { lexer, type Token, type Tokens } from 'marked';
import { Fragment, memo, type ReactNode } from 'react';

/**
 * Markdown as React elements: bold, italics, lists, links, code, quotes, headings. Nothing is ever parsed as HTML: a
 * tag in the text shows as the characters it is made of, and images show their description.
 */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return <div className="markdown">{blocks(lexer(text, { gfm: true, breaks: true }))}</div>;
});

const blocks = (tokens: readonly Token[]): ReactNode[] =>
  tokens.map((token, index) => <Fragment key={index}>{block(token)}</Fragment>);

const inline = (tokens: readonly Token[] | undefined, raw: string): ReactNode =>
  tokens === undefined ? raw : tokens.map((token, index) => <Fragment key={index}>{span(token)}</Fragment>);

function block(token: Token): ReactNode {
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'paragraph':
      return <p>{inline(token.tokens, token.raw)}</p>;
    case 'heading':
      return <p className="markdown-heading">{inline(token.tokens, token.raw)}</p>;
    case 'list':
      return list(token as Tokens.List);
    case 'blockquote':
      return <blockquote>{blocks(token.tokens ?? [])}</blockquote>;
    case 'code':
      return (
        <pre>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case 'hr':
      return <hr />;
    default:
      return <p>{span(token)}</p>;
  }
}

function list({ ordered, start, items }: Tokens.List): ReactNode {
  const lines = items.map((item, index) => <li key={index}>{itemContent(item)}</li>);
  return ordered ? <ol start={start === '' ? 1 : start}>{lines}</ol> : <ul>{lines}</ul>;
}

/** The words of a tight item stand in a `text` token, which is no paragraph. */
function itemContent(item: Tokens.ListItem): ReactNode {
  return item.tokens.map((token, index) => (
    <Fragment key={index}>{token.type === 'text' ? span(token) : block(token)}</Fragment>
  ));
}

function span(token: Token): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{inline(token.tokens, token.raw)}</strong>;
    case 'em':
      return <em>{inline(token.tokens, token.raw)}</em>;
    case 'del':
      return <del>{inline(token.tokens, token.raw)}</del>;
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return link(token as Tokens.Link);
    case 'image':
      return (token as Tokens.Image).text;
    case 'escape':
      return (token as Tokens.Escape).text;
    case 'text':
      return inline(token.tokens, (token as Tokens.Text).text);
    default:
      return token.raw;
  }
}

/** Only addresses that open a page or a mail; anything else, such as `javascript:`, stays words. */
function link({ href, tokens, raw }: Tokens.Link): ReactNode {
  if (!/^(https?:|mailto:)/i.test(href)) return inline(tokens, raw);
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {inline(tokens, raw)}
    </a>
  );
}
