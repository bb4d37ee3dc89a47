// Holds what we send to Slack against Slack's own types, @slack/types, with the TypeScript compiler. Each golden becomes a file
// that says what it has to be; what has a block that those types do not know is refused.
// Usage: node types_peer.mjs PEERS ROOM PLACE…. PEERS: where `tests/run` unpacked both. ROOM: a folder for what is written. PLACE: a
// folder of goldens, or a file of what was sent, as tests/workspace/witness.hpp keeps it.
// Status 0: there is nothing to find. Else it is told, with the golden's name and where in it.
import {mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {basename, join} from 'node:path';

const [, , peers, room, ...places] = process.argv;
const most = 40; // problems that are told
const ts = createRequire(import.meta.url)(join(peers, 'typescript/lib/typescript.js'));
mkdirSync(room, {recursive: true});

// The package's own messages and views may hold any block at all, also one that nobody knows: here they may not.
writeFileSync(join(room, 'shapes.ts'), `import type {HomeView, KnownBlock, MessageAttachment, ModalView, OptionGroup, PlainTextOption} from '@slack/types';
type Known<Of> = Omit<Of, 'blocks'> & {blocks: KnownBlock[]};
/** chat.postMessage, chat.update, chat.postEphemeral, response_url */
export type Plain = {text: string; blocks: KnownBlock[]};
export type Coloured = {text: string; attachments: [Known<Pick<MessageAttachment, 'color' | 'fallback'>>]};
/** views.open, views.push, views.update */
export type Modal = Known<ModalView>;
/** views.publish */
export type Home = Known<HomeView>;
/** answers to block_suggestion */
export type Suggestions = {options: PlainTextOption[]};
export type SuggestedGroups = {option_groups: OptionGroup[]};
export type {KnownBlock};
`);

const files = [join(room, 'shapes.ts')];
const counts = new Map();
function write(name, header, body) {
  const file = join(room, name + '.ts');
  writeFileSync(file, header + body);
  files.push(file);
}
const count = kind => counts.set(kind, (counts.get(kind) ?? 0) + 1);

/// What the bot sends for a golden, and what that has to be.
function sent(golden) {
  if (golden.type === 'modal') return ['Modal', golden];
  if (golden.type === 'home') return ['Home', golden];
  if (golden.options) return ['Suggestions', golden];
  if (golden.option_groups) return ['SuggestedGroups', golden];
  if (golden.type) return ['KnownBlock', golden];
  const {text, colour, blocks} = golden;
  if (colour) return ['Coloured', {text, attachments: [{color: colour, fallback: text, blocks}]}];
  return ['Plain', golden];
}

function takeGolden(folder, name) {
  const [kind, json] = sent(JSON.parse(readFileSync(join(folder, name))));
  write(basename(name, '.json'), `import type {${kind}} from './shapes';\n`,
    `export default ${JSON.stringify(json, null, 1)} satisfies ${kind};\n`);
  count(kind);
}

/// A line each, which is what a problem is told of.
function takeSent(file) {
  const lines = JSON.parse(readFileSync(file)).map(one => {
    const [kind] = sent(one);
    count(kind + ' sent');
    return `  ${JSON.stringify(one)} satisfies ${kind},\n`;
  });
  write(basename(file, '.json'), `import type {Home, KnownBlock, Modal, SuggestedGroups, Suggestions} from './shapes';\n`,
    `export default [\n${lines.join('')}];\n`);
}

for (const place of places)
  if (statSync(place).isDirectory())
    for (const name of readdirSync(place).filter(one => one.endsWith('.json')).sort()) takeGolden(place, name);
  else takeSent(place);
if (!counts.size) {
  console.log('There is nothing to look at in ' + places.join(', '));
  process.exit(1);
}

// What must not pass, so that a compiler that takes everything is noticed. Each stands on one line, and has to be refused.
const text = `{type: 'mrkdwn', text: 'x'}`, words = `{type: 'plain_text', text: 'x'}`;
const wrong = [
  ['KnownBlock', `{type: 'sektion', text: ${text}}`],
  ['KnownBlock', `{type: 'header', text: ${text}}`],
  ['KnownBlock', `{type: 'section', text: ${text}, hint: ${words}}`],
  ['KnownBlock', `{type: 'section', text: ${text}, accessory: {type: 'plain_text_input'}}`],
  ['KnownBlock', `{type: 'actions', elements: [{type: 'button', action_id: 'a'}]}`],
  ['KnownBlock', `{type: 'actions', elements: [{type: 'button', text: ${words}, style: 'default'}]}`],
  ['KnownBlock', `{type: 'context', elements: [{type: 'button', text: ${words}}]}`],
  ['KnownBlock', `{type: 'input', label: ${words}}`],
  ['KnownBlock', `{type: 'input', label: ${words}, element: {type: 'overflow', options: []}}`],
  ['KnownBlock', `{type: 'input', label: ${words}, element: {type: 'datetimepicker', initial_date_time: '1793610000'}}`],
  ['KnownBlock', `{type: 'input', label: ${words}, element: {type: 'number_input'}}`],
  ['KnownBlock', `{type: 'image', image_url: 'https://example.com/x.png'}`],
  ['KnownBlock', `{type: 'table', rows: [['x']]}`],
  ['Plain', `{text: 'x', blocks: [{type: 'sektion'}]}`],
  ['Plain', `{blocks: []}`],
  ['Coloured', `{text: 'x', attachments: [{color: '#123456', fallback: 'x', blocks: [{type: 'sektion'}]}]}`],
  ['Modal', `{type: 'modal', blocks: []}`],
  ['Modal', `{type: 'modal', title: ${words}, blocks: [{type: 'sektion'}]}`],
  ['Modal', `{type: 'modal', title: ${words}, blocks: [], hash: 'x'}`],
  ['Home', `{type: 'home', blocks: [], title: ${words}}`],
  ['Suggestions', `{options: [{text: ${text}, value: 'x'}]}`],
];
write('wrong', `import type {Coloured, Home, KnownBlock, Modal, Plain, Suggestions} from './shapes';\n`,
  `export default [\n${wrong.map(([kind, json]) => `  // @ts-expect-error\n  ${json} satisfies ${kind},\n`).join('')}];\n`);

const program = ts.createProgram(files, {
  noEmit: true, strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true, lib: ['lib.es5.d.ts'],
  target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, types: [],
  paths: {'@slack/types': [join(peers, 'slack-types/dist/index.d.ts')]},
});
const found = ts.getPreEmitDiagnostics(program);
console.log(ts.formatDiagnostics(found.slice(0, most), {
  getCanonicalFileName: name => name, getCurrentDirectory: () => room, getNewLine: () => '\n',
}) + (found.length > most ? `and ${found.length - most} more\n` : ''));
console.log(`TypeScript ${ts.version}: ` + [...counts].map(([kind, number]) => `${number} ${kind}`).join(', ')
  + `; ${wrong.length} wrong ones`);
process.exit(found.length ? 1 : 0);
