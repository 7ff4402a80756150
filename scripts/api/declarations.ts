/** The lines of a comment, and its tags by name, such as `default` or `param`. */
export interface Words {
  readonly text: string;
  readonly tags: readonly { readonly name: string; readonly text: string }[];
}

export interface Member {
  /** `constructor` of what makes one. */
  readonly name: string;
  readonly words: Words;
  /** As it is declared, without its comment. */
  readonly declared: string;
  readonly kind: 'property' | 'method' | 'value';
  readonly isReadonly: boolean;
  readonly isStatic: boolean;
  readonly isOptional: boolean;
  /** Of a property. */
  readonly type: string;
}

export interface Declaration {
  readonly kind: 'class' | 'interface' | 'enum' | 'function' | 'type' | 'const';
  readonly name: string;
  readonly words: Words;
  /** Without its comment and, where it has members, without those. */
  readonly declared: string;
  readonly members: readonly Member[];
}

const START = /^export (?:declare )?(?:abstract )?(class|interface|enum|function|type|const) (\w+)/;

/**
 * What a file of declarations declares, as the compiler writes such files: a statement begins at a line's start, a member four
 * spaces in, and each has its comment before it.
 */
export function declarationsIn(text: string): readonly Declaration[] {
  return statements(text, '').flatMap(({ words, code }) => {
    const [, kind, name] = START.exec(code) ?? [];
    if (kind === undefined || name === undefined) return [];
    const hasMembers = ['class', 'interface', 'enum'].includes(kind);
    const declared = code.replace(/^export (declare )?/, '');
    if (!hasMembers) return [{ kind: kind as Declaration['kind'], name, words, declared, members: [] }];
    const [head = '', ...body] = declared.split('\n');
    const members = statements(body.slice(0, -1).join('\n'), '    ').filter(({ code: one }) => !/^private\b/.test(one));
    return [
      {
        kind: kind as Declaration['kind'],
        name,
        words,
        declared: head.replace(/ \{$/, ''),
        members: members.map((one) => memberOf(one, kind === 'enum')),
      },
    ];
  });
}

interface Statement {
  readonly words: Words;
  readonly code: string;
}

/** Cut where a line that is indented by no more than `indent` ends one. */
function statements(text: string, indent: string): readonly Statement[] {
  const found: Statement[] = [];
  let comment: string[] = [];
  let code: string[] = [];
  for (const line of text.split('\n')) {
    const own = line.slice(indent.length);
    const isOutside = line.startsWith(indent) && !/^\s/.test(own);
    if (code.length === 0 && (own.startsWith('/**') || comment.length > 0) && !comment.at(-1)?.includes('*/')) {
      comment.push(own);
      continue;
    }
    if (own === '' && code.length === 0) continue;
    code.push(own);
    if (!isOutside || !/[;,}]$/.test(own) || /[{(]$/.test(own)) {
      // The last value of an enum has no comma behind it.
      if (!(isOutside && /^\w+ = [^{(]+$/.test(own))) continue;
    }
    found.push({ words: wordsOf(comment), code: code.join('\n') });
    comment = [];
    code = [];
  }
  return found;
}

function wordsOf(comment: readonly string[]): Words {
  const lines = comment
    .join('\n')
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
  const [text = '', ...tags] = lines
    .join('\n')
    .trim()
    .split(/(?:^|\s)@(?=[a-z]+\b)/);
  return {
    text: oneLine(text),
    tags: tags.map((tag) => {
      const [name = '', ...rest] = tag.split(/\s+/);
      return { name, text: rest.join(' ').trim() };
    }),
  };
}

function memberOf({ words, code }: Statement, ofEnum: boolean): Member {
  const declared = oneLine(code).replace(/[;,]$/, '');
  const [, name = ''] = /^(?:static |readonly |abstract )*(\w+)/.exec(declared) ?? [];
  const isMethod = new RegExp(`^(static |abstract )*${name}\\(`).test(declared);
  const [, optional, type = ''] = /^[^(:]*?(\??): (.*)$/.exec(declared) ?? [];
  return {
    name,
    words,
    declared,
    kind: ofEnum ? 'value' : isMethod ? 'method' : 'property',
    isReadonly: /^(static )?readonly /.test(declared),
    isStatic: declared.startsWith('static '),
    isOptional: optional === '?',
    type: isMethod || ofEnum ? '' : type,
  };
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
