// Slack's markup and dates, as nodes. Foreign text becomes text nodes alone.
import {h, link} from './nodes.js';

const emoji = {'+1': '👍', '-1': '👎', bell: '🔔', calendar: '📅', eyes: '👀', fire: '🔥', heavy_check_mark: '✔️', information_source: 'ℹ️',
  joy: '😂', large_green_circle: '🟢', large_red_circle: '🔴', large_yellow_circle: '🟡', pager: '📟', pray: '🙏', raised_hands: '🙌',
  rocket: '🚀', rotating_light: '🚨', slightly_smiling_face: '🙂', smile: '😄', tada: '🎉', thumbsup: '👍', wave: '👋', warning: '⚠️',
  white_check_mark: '✅', x: '❌', zzz: '💤'};
export const emojiOf = name => Object.hasOwn(emoji, name) ? emoji[name] : ':' + name + ':'; // ":constructor:" is none
const withEmoji = text => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emojiOf(name));

const unescape = text => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

// --- times ---

const formats = new Map();
export function inZone(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) {
    try {
      formats.set(key, new Intl.DateTimeFormat('en-US', {...options, timeZone: zone}));
    } catch (unknown) {
      formats.set(key, new Intl.DateTimeFormat('en-US', {...options, timeZone: 'UTC'}));
    }
  }
  return formats.get(key);
}
/// "2026-11-03" and "03:00", on the wall clock there.
export function wallClock(unix, zone) {
  const parts = Object.fromEntries(inZone(zone, {year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
    hourCycle: 'h23'}).formatToParts(unix * 1000).map(part => [part.type, part.value]));
  return {date: parts.year + '-' + parts.month + '-' + parts.day, time: parts.hour + ':' + parts.minute};
}
/// The other way round; a skipped time becomes the one after the gap.
export function unixOf(date, time, zone) {
  const wanted = Date.parse(date + 'T' + time + 'Z') / 1000;
  let unix = wanted;
  for (let again = 0; again < 2; ++again) {
    const there = wallClock(unix, zone);
    unix += wanted - Date.parse(there.date + 'T' + there.time + 'Z') / 1000;
  }
  return unix;
}
export const timeOfDay = (unix, zone) => inZone(zone, {hour: 'numeric', minute: '2-digit'}).format(unix * 1000);
const dayOf = (unix, zone) => wallClock(unix, zone).date;
/// "Today", "Yesterday", "Tomorrow", or "".
function nearDay(unix, now, zone) {
  const days = [['Yesterday', -1], ['Today', 0], ['Tomorrow', 1]];
  const found = days.find(([, off]) => dayOf(unix, zone) === dayOf(now + off * 86400, zone));
  return found ? found[0] : '';
}
export const dayLine = (unix, now, zone) =>
  nearDay(unix, now, zone) || inZone(zone, {weekday: 'long', month: 'long', day: 'numeric'}).format(unix * 1000);

function dateToken(name, unix, context) {
  const zone = context.zone;
  const as = options => inZone(zone, options).format(unix * 1000);
  const pretty = plain => nearDay(unix, context.now, zone).toLowerCase() || plain;
  const long = {weekday: 'long', year: 'numeric', month: 'long', day: 'numeric'};
  const short = {year: 'numeric', month: 'short', day: 'numeric'};
  switch (name) {
    case 'date_num': return dayOf(unix, zone);
    case 'date_short': return as(short);
    case 'date_short_pretty': return pretty(as(short));
    case 'date_long': return as(long);
    case 'date_long_pretty': return pretty(as(long));
    case 'date_pretty': return pretty(as({year: 'numeric', month: 'long', day: 'numeric'}));
    case 'date': return as({year: 'numeric', month: 'long', day: 'numeric'});
    case 'time': return timeOfDay(unix, zone);
    case 'time_secs': return as({hour: 'numeric', minute: '2-digit', second: '2-digit'});
    case 'ago': {
      const minutes = Math.round((context.now - unix) / 60);
      return minutes < 1 ? 'now' : minutes < 60 ? minutes + ' minutes ago' : Math.round(minutes / 60) + ' hours ago';
    }
    default: return '{' + name + '}';
  }
}
export const formatDate = (format, unix, context) => {
  const text = format.replace(/\{(\w+)\}/g, (whole, name) => dateToken(name, unix, context));
  return text.charAt(0).toUpperCase() === text.charAt(0) || !/^(today|yesterday|tomorrow)/.test(text) || format.charAt(0) !== '{' ?
    text : text.charAt(0).toUpperCase() + text.slice(1);
};

// --- tokens: what stands in <…> ---

export const nameOf = (id, context) => context.names[id] ?? id;

function token(inner, context) {
  const bar = inner.indexOf('|');
  const head = bar < 0 ? inner : inner.slice(0, bar), label = bar < 0 ? '' : unescape(inner.slice(bar + 1));
  const mention = (text, mine) => h('span', {class: mine ? 'mention mine' : 'mention'}, text);
  if (head.startsWith('@')) return mention('@' + nameOf(head.slice(1), context), head.slice(1) === context.me);
  if (head.startsWith('#')) return mention('#' + (context.places[head.slice(1)] ?? (label || head.slice(1))));
  if (head.startsWith('!date^')) {
    const [, unix, format, href] = head.split('^');
    if (!/^\d{1,12}$/.test(unix ?? '') || format === undefined) return label;
    const text = formatDate(unescape(format), Number(unix), context);
    const shown = h('time', {title: inZone(context.zone, {dateStyle: 'full', timeStyle: 'long'}).format(Number(unix) * 1000)}, text);
    return href ? link(unescape(href), shown) : shown;
  }
  if (head.startsWith('!subteam^')) return mention('@' + (context.groups[head.slice(9)] ?? head.slice(9)));
  if (head.startsWith('!')) return mention('@' + head.slice(1), true);
  const href = unescape(head);
  return link(href, label || href.replace(/^mailto:/, ''));
}

// --- running text ---

const marks = {'*': 'strong', '_': 'em', '~': 's', '`': 'code'};
const isWord = c => c !== undefined && /[\p{L}\p{N}]/u.test(c);

/// Where a mark at `open` is closed on its line; -1: it is none.
function closing(text, open) {
  const mark = text[open], next = text[open + 1];
  if (isWord(text[open - 1]) || text[open - 1] === mark) return -1;
  if (next === undefined || next === mark || /\s/.test(next)) return -1;
  for (let close = text.indexOf(mark, open + 2); close > 0; close = text.indexOf(mark, close + 1)) {
    if (text.slice(open, close).includes('\n')) return -1;
    const after = text[close + 1];
    if (!/\s/.test(text[close - 1]) && !isWord(after) && after !== mark) return close;
  }
  return -1;
}

/// `tokens`: the nodes that stand where the text has private characters.
function styled(text, tokens) {
  const nodes = [];
  let run = '';
  const flush = () => {
    if (run) nodes.push(document.createTextNode(withEmoji(unescape(run))));
    run = '';
  };
  for (let at = 0; at < text.length; ++at) {
    const c = text[at], code = text.charCodeAt(at) - 0xE000;
    if (code >= 0 && code < tokens.length) {
      flush();
      nodes.push(tokens[code]);
      continue;
    }
    const close = marks[c] ? closing(text, at) : -1;
    if (close < 0) {
      run += c;
      continue;
    }
    flush();
    const inner = text.slice(at + 1, close);
    nodes.push(h(marks[c], {}, c === '`' ? styledCode(inner, tokens) : styled(inner, tokens)));
    at = close;
  }
  flush();
  return nodes;
}
const styledCode = (text, tokens) => [...text].map(c => tokens[c.charCodeAt(0) - 0xE000] ?? document.createTextNode(unescape(c)));

/// mrkdwn as Slack shows it: a fragment.
export function mrkdwn(text, context) {
  const tokens = [];
  const clean = text.replace(/[\uE000-\uF8FF]/g, '\uFFFD').replace(/<([^<>\n]+)>/g, (whole, inner) => {
    if (tokens.length >= 6000) return whole;
    tokens.push(token(inner, context));
    return String.fromCharCode(0xE000 + tokens.length - 1);
  });
  const out = document.createDocumentFragment();
  clean.split(/```\n?/).forEach((part, index, parts) => {
    if (index % 2 === 1 && index < parts.length - 1) {
      out.append(h('pre', {}, styledCode(part.replace(/\n$/, ''), tokens)));
      return;
    }
    let quote = null;
    part.split('\n').forEach((line, number, lines) => {
      const quoted = /^(&gt;|>) ?/.exec(line);
      if (quoted) {
        if (!quote) out.append(quote = h('blockquote'));
        else quote.append(h('br'));
        quote.append(...styled(line.slice(quoted[0].length), tokens));
        return;
      }
      quote = null;
      out.append(...styled(line, tokens));
      if (number < lines.length - 1) out.append(h('br'));
    });
  });
  return out;
}

/// A text object.
export function textOf(object, context) {
  if (!object) return '';
  return object.type === 'mrkdwn' ? mrkdwn(object.text, context) : withEmoji(object.text ?? '');
}
/// What a lock screen shows.
export const pushText = (text, context) => h('span', {}, mrkdwn(text, context)).textContent;

/// The Markdown of markdown blocks: headings, lists, bold, italics, code, links.
export function markdown(text, context) {
  const inline = line => {
    const nodes = [];
    let rest = line;
    const pattern = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|[*_](\S.*?)[*_]/;
    for (let found = pattern.exec(rest); found; found = pattern.exec(rest)) {
      nodes.push(withEmoji(rest.slice(0, found.index)));
      if (found[1] !== undefined) nodes.push(h('strong', {}, inline(found[1])));
      else if (found[2] !== undefined) nodes.push(h('code', {}, found[2]));
      else if (found[3] !== undefined) nodes.push(link(found[4], found[3]));
      else nodes.push(h('em', {}, inline(found[5])));
      rest = rest.slice(found.index + found[0].length);
    }
    return [...nodes, withEmoji(rest)];
  };
  const out = document.createDocumentFragment();
  let list = null;
  for (const line of text.split('\n')) {
    const item = /^\s*(?:[-*]|\d+\.)\s+(.*)/.exec(line), heading = /^(#{1,6})\s+(.*)/.exec(line);
    if (item) {
      if (!list) out.append(list = h('ul'));
      list.append(h('li', {}, inline(item[1])));
      continue;
    }
    list = null;
    out.append(heading ? h('div', {class: 'heading'}, inline(heading[2])) : h('div', {}, inline(line)));
  }
  return out;
}
