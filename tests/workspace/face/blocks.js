// Block Kit, drawn. What a person does with an element is told to `act`:
//   act.click(spot), act.choose(spot, option), act.fill(spot, text), act.lookUp(spot, typed)
// where a spot is "block_id/action_id", the name that the workspace knows an element by. `context` knows what is around:
// {where, names, places, groups, people, files, zone, now, me, values, errors, options}
import {h, leadsOut, link} from './nodes.js';
import {mrkdwn, textOf, markdown, emojiOf, wallClock, unixOf, formatDate, nameOf} from './mrkdwn.js';

export const spotOf = (block, element) => (block.block_id ?? '') + '/' + (element.action_id ?? '');

// --- what opens over the rest ---

/// A menu at a button: items are {text, description?, danger?, run}. Closes at whatever is done next.
export function openMenu(anchor, items) {
  const screen = anchor.closest('.screen') ?? document.body;
  const menu = h('div', {class: 'menu', role: 'menu'}, items.map(item =>
    h('button', {type: 'button', role: 'menuitem', class: item.danger ? 'danger' : null, onclick: () => { end(); item.run(); }},
      h('span', {}, item.text), item.description ? h('small', {}, item.description) : null)));
  const end = () => {
    menu.remove();
    document.removeEventListener('pointerdown', outside, true);
    document.removeEventListener('keydown', escape, true);
    if (anchor.isConnected) anchor.focus({preventScroll: true});
  };
  const outside = event => { if (!menu.contains(event.target)) end(); };
  const escape = event => {
    const all = [...menu.children], at = all.indexOf(document.activeElement);
    if (event.key === 'Escape') end();
    else if (event.key === 'ArrowDown') all[(at + 1) % all.length].focus();
    else if (event.key === 'ArrowUp') all[(at + all.length - 1) % all.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  screen.append(menu);
  const at = anchor.getBoundingClientRect(), around = screen.getBoundingClientRect();
  const top = at.bottom - around.top + 4, above = at.top - around.top - menu.offsetHeight - 4;
  menu.style.top = Math.max(4, top + menu.offsetHeight > around.height && above > 0 ? above : top) + 'px';
  menu.style.left = Math.max(8, Math.min(at.left - around.left, around.width - menu.offsetWidth - 8)) + 'px';
  document.addEventListener('pointerdown', outside, true);
  document.addEventListener('keydown', escape, true);
  menu.firstChild?.focus({preventScroll: true});
}

/// The question before something that is hard to undo; without one it is done at once.
function confirmed(anchor, confirm, context, done) {
  if (!confirm) return done();
  const screen = anchor.closest('.screen') ?? document.body;
  const end = () => shade.remove();
  const yes = h('button', {type: 'button', class: 'button ' + (confirm.style === 'danger' ? 'danger' : 'primary'), 'data-confirm': 'yes',
    onclick: () => { end(); done(); }}, textOf(confirm.confirm, context));
  const shade = h('div', {class: 'shade', onkeydown: event => { if (event.key === 'Escape') { event.stopPropagation(); end(); } }},
    h('div', {class: 'modal small', role: 'alertdialog', 'aria-modal': 'true'},
      h('header', {}, h('h2', {}, textOf(confirm.title, context)),
        h('button', {type: 'button', class: 'icon', 'aria-label': 'Close', onclick: end}, '✕')),
      h('div', {class: 'body'}, textOf(confirm.text, context)),
      h('footer', {}, h('button', {type: 'button', class: 'button', 'data-confirm': 'no', onclick: end}, textOf(confirm.deny, context)), yes)));
  screen.append(shade);
  yes.focus();
}

// --- elements ---

const optionsOf = element => [...(element.options ?? []), ...(element.option_groups ?? []).flatMap(group => group.options)];
const plain = object => object?.text ?? '';

function optionNodes(element) {
  const one = option => h('option', {value: option.value}, plain(option.text));
  return element.option_groups ?
    element.option_groups.map(group => h('optgroup', {label: plain(group.label)}, group.options.map(one))) :
    (element.options ?? []).map(one);
}

/// What can be chosen here, as options: people and channels are as good as any.
function choices(element, context) {
  const type = element.type.replace('multi_', '');
  const made = (value, text) => ({value, text: {text}});
  if (type === 'users_select') return context.people.map(person => made(person.id, person.real_name));
  if (type === 'conversations_select' || type === 'channels_select')
    return Object.entries(context.places).map(([id, name]) => made(id, '#' + name));
  return null;
}

/// The chosen value or values of an element, of whatever kind it is, as a list of values.
function chosenOf(element, value) {
  const of = one => typeof one === 'object' && one !== null ? one.value : one;
  const key = Object.keys(value ?? {}).find(name => name.startsWith('selected_'));
  const now = key === undefined ? undefined : value[key];
  if (now !== undefined) return Array.isArray(now) ? now.map(of) : now === null ? [] : [of(now)];
  for (const name of Object.keys(element))
    if (name.startsWith('initial_')) return Array.isArray(element[name]) ? element[name].map(of) : [of(element[name])];
  return [];
}
const namesOfChosen = (element, value) => {
  const all = [...(value?.selected_options ?? element.initial_options ?? []), value?.selected_option ?? element.initial_option];
  return new Map(all.filter(option => option && typeof option === 'object').map(option => [option.value, plain(option.text)]));
};

function drawSelect(block, element, context, act) {
  const spot = spotOf(block, element), value = valueOf(block, element, context);
  const external = element.type.includes('external');
  const offered = external ? context.options?.[block.block_id]?.[element.action_id] ?? {options: []} : {...element};
  const made = choices(element, context);
  if (made) offered.options = made;
  const chosen = chosenOf(element, value), names = namesOfChosen(element, value);
  for (const option of optionsOf(offered)) names.set(option.value, plain(option.text));
  const nameOfChosen = one => names.get(one) ?? nameOf(one, context);
  const many = element.type.startsWith('multi_');
  const placeholder = plain(element.placeholder) || (many ? 'Choose some' : 'Choose one');
  const tell = options => {
    if (context.where === 'modal') act.fill(spot, options.join('\n'));
    else act.choose(spot, options.join('\n'));
  };
  const shown = optionsOf(offered).filter(option => !many || !chosen.includes(option.value));
  const select = h('select', {class: chosen.length && !many ? 'chosen' : '', 'data-spot': spot, 'aria-label': plain(block.label) || placeholder},
    h('option', {value: '', disabled: !many && !block.optional && context.where === 'modal'}, placeholder));
  if (many) select.append(...shown.map(option => h('option', {value: option.value}, plain(option.text))));
  else select.append(...optionNodes(offered));
  if (!many && chosen.length && ![...select.options].some(option => option.value === chosen[0]))
    select.append(h('option', {value: chosen[0]}, nameOfChosen(chosen[0])));
  select.value = many ? '' : chosen[0] ?? '';
  select.addEventListener('change', () => {
    const now = select.value, before = many ? '' : chosen[0] ?? '';
    if (many && now === '') return;
    confirmed(select, element.confirm, context, () => tell(many ? [...chosen, now] : now ? [now] : []));
    if (context.where === 'message' || element.confirm) select.value = before;
  });
  const search = external ? h('input', {type: 'search', placeholder: 'Type to search', 'data-spot': spot + '/search',
    'aria-label': 'Search: ' + (plain(block.label) || placeholder),
    onchange: event => act.lookUp(spot, event.target.value)}) : null;
  const tokens = many && chosen.length ? h('span', {class: 'tokens'}, chosen.map(one => h('span', {class: 'token'}, nameOfChosen(one),
    h('button', {type: 'button', class: 'icon', 'aria-label': 'Remove ' + nameOfChosen(one),
      onclick: () => tell(chosen.filter(other => other !== one))}, '✕')))) : null;
  return h('span', {class: many ? 'select many' : 'select'}, tokens, search, select);
}

function drawTicks(block, element, context, act) {
  const spot = spotOf(block, element), radio = element.type === 'radio_buttons';
  const chosen = chosenOf(element, valueOf(block, element, context));
  return h('div', {class: 'ticks', role: radio ? 'radiogroup' : 'group', 'aria-label': plain(block.label)}, element.options.map((option, index) => {
    const box = h('input', {type: radio ? 'radio' : 'checkbox', name: spot + context.view, value: option.value,
      'data-spot': index ? spot + '/' + index : spot});
    box.checked = chosen.includes(option.value);
    box.addEventListener('change', () => {
      const now = radio ? [option.value] : element.options.map(one => one.value)
        .filter(one => one === option.value ? box.checked : chosen.includes(one));
      confirmed(box, element.confirm, context, () => (context.where === 'modal' ? act.fill : act.choose)(spot, now.join('\n')));
    });
    return h('label', {}, box, h('span', {}, textOf(option.text, context),
      option.description ? h('small', {}, textOf(option.description, context)) : null));
  }));
}

function drawTimes(block, element, context, act) {
  const spot = spotOf(block, element), value = valueOf(block, element, context), name = plain(block.label) || plain(element.placeholder);
  const tell = context.where === 'modal' ? act.fill : act.choose;
  if (element.type === 'datepicker' || element.type === 'timepicker') {
    const date = element.type === 'datepicker';
    const field = h('input', {type: date ? 'date' : 'time', 'data-spot': spot, 'aria-label': name, onchange: () => tell(spot, field.value)});
    field.value = (date ? value?.selected_date ?? element.initial_date : value?.selected_time ?? element.initial_time) ?? '';
    return h('span', {class: 'times'}, field);
  }
  const unix = value?.selected_date_time ?? element.initial_date_time;
  const set = () => { if (date.value && time.value) tell(spot, String(unixOf(date.value, time.value, context.zone))); };
  const date = h('input', {type: 'date', 'data-spot': spot, 'aria-label': name + ', date', onchange: set});
  const time = h('input', {type: 'time', 'data-spot': spot + '/time', 'aria-label': name + ', time', onchange: set});
  if (unix !== undefined && unix !== null) {
    const there = wallClock(unix, context.zone);
    date.value = there.date;
    time.value = there.time;
  }
  return h('span', {class: 'times'}, date, time);
}

function drawTyped(block, element, context, act) {
  const spot = spotOf(block, element), value = valueOf(block, element, context);
  const kinds = {email_text_input: 'email', url_text_input: 'url', number_input: 'text'};
  const properties = {'data-spot': spot, placeholder: plain(element.placeholder), 'aria-label': plain(block.label), 'data-typed': '',
    maxlength: element.max_length, inputmode: element.type === 'number_input' ? 'decimal' : null, autocomplete: 'off',
    onchange: event => act.fill(spot, event.target.value)};
  const field = element.multiline || element.type === 'rich_text_input' ? h('textarea', {...properties, rows: 4}) :
    h('input', {...properties, type: kinds[element.type] ?? 'text'});
  const typed = value?.value ?? element.initial_value;
  field.value = typeof typed === 'string' ? typed : '';
  return field;
}

const valueOf = (block, element, context) => context.values?.[block.block_id]?.[element.action_id];

export function drawImage(url, alt, context, properties = {}) {
  // From elsewhere nothing is loaded: what the page shows comes from this machine.
  return url ? h('img', {src: url, alt, title: alt, ...properties}) : h('span', {class: 'no-image', title: alt}, '🖼 ' + alt);
}
const fileUrl = (named, context) => {
  const id = named?.id ?? Object.keys(context.files).find(one => named?.url?.includes(one));
  return id && context.files[id]?.image ? '/files/' + encodeURIComponent(id) : null;
};

export function drawElement(block, element, context, act) {
  const spot = spotOf(block, element);
  switch (element.type) {
    case 'button': {
      const button = h('button', {type: 'button', class: 'button ' + (element.style ?? ''), 'data-spot': spot,
        'aria-label': element.accessibility_label}, textOf(element.text, context));
      button.addEventListener('click', () => confirmed(button, element.confirm, context, () => {
        if (leadsOut(element.url ?? '')) window.open(element.url, '_blank', 'noopener,noreferrer');
        act.click(spot);
      }));
      return button;
    }
    case 'overflow': {
      const button = h('button', {type: 'button', class: 'button overflow', 'data-spot': spot, 'aria-label': 'More actions', 'aria-haspopup': 'menu'},
        '···');
      button.addEventListener('click', () => openMenu(button, element.options.map(option => ({text: textOf(option.text, context),
        description: option.description ? textOf(option.description, context) : null,
        run: () => confirmed(button, element.confirm, context, () => act.choose(spot, option.value))}))));
      return button;
    }
    case 'checkboxes': case 'radio_buttons': return drawTicks(block, element, context, act);
    case 'datepicker': case 'timepicker': case 'datetimepicker': return drawTimes(block, element, context, act);
    case 'plain_text_input': case 'email_text_input': case 'url_text_input': case 'number_input': case 'rich_text_input':
      return drawTyped(block, element, context, act);
    case 'image': return drawImage(element.slack_file ? fileUrl(element.slack_file, context) : null, element.alt_text, context);
    case 'mrkdwn': case 'plain_text': return h('span', {}, textOf(element, context));
    default:
      return element.type.endsWith('_select') ? drawSelect(block, element, context, act) :
        h('span', {class: 'unknown'}, '[' + element.type + ']');
  }
}

// --- rich text ---

function richInline(element, context) {
  const style = element.style ?? {};
  let node;
  switch (element.type) {
    case 'text': node = document.createTextNode(element.text); break;
    case 'link': node = link(element.url, element.text || element.url); break;
    case 'user': node = mrkdwn('<@' + element.user_id + '>', context); break;
    case 'usergroup': node = mrkdwn('<!subteam^' + element.usergroup_id + '>', context); break;
    case 'channel': node = mrkdwn('<#' + element.channel_id + '>', context); break;
    case 'broadcast': node = mrkdwn('<!' + element.range + '>', context); break;
    case 'emoji': node = document.createTextNode(emojiOf(element.name)); break;
    case 'date': node = document.createTextNode(formatDate(element.format, element.timestamp, context)); break;
    default: node = document.createTextNode(element.text ?? '');
  }
  for (const [name, tag] of [['code', 'code'], ['strike', 's'], ['italic', 'em'], ['bold', 'strong']])
    if (style[name]) node = h(tag, {}, node);
  return node;
}
function richPart(part, context) {
  const inside = () => part.elements.map(element => richInline(element, context));
  switch (part.type) {
    case 'rich_text_list':
      return h(part.style === 'ordered' ? 'ol' : 'ul', {class: 'indent-' + (part.indent ?? 0), start: part.offset ? part.offset + 1 : null},
        part.elements.map(item => h('li', {}, item.elements.map(element => richInline(element, context)))));
    case 'rich_text_preformatted': return h('pre', {}, inside());
    case 'rich_text_quote': return h('blockquote', {}, inside());
    default: return h('div', {class: 'lines'}, inside());
  }
}

// --- blocks ---

function drawTable(block, context) {
  const settings = block.column_settings ?? [];
  const cell = (tag, content, column) => h(tag, {class: (settings[column]?.align ?? 'left') + (settings[column]?.is_wrapped ? ' wrapped' : '')},
    content.type === 'rich_text' ? content.elements.map(part => richPart(part, context)) : content.text ?? '');
  return h('div', {class: 'table'}, h('table', {}, block.rows.map((row, index) =>
    h('tr', {}, row.map((content, column) => cell(index ? 'td' : 'th', content, column))))));
}

/// A text that is long is shown in part first, as Slack does.
function long(text, node) {
  if (text.length < 700 && text.split('\n').length <= 12) return node;
  const more = h('button', {type: 'button', class: 'more'}, 'See more');
  const box = h('div', {class: 'folded'}, node);
  more.addEventListener('click', () => {
    more.textContent = box.classList.toggle('folded') ? 'See more' : 'See less';
  });
  return h('div', {}, box, more);
}

function drawInput(block, context, act) {
  const problem = context.errors?.[block.block_id];
  return h('div', {class: problem ? 'input wrong' : 'input', 'data-block': block.block_id},
    h('div', {class: 'label'}, textOf(block.label, context), block.optional ? h('span', {class: 'optional'}, ' (optional)') : null),
    drawElement(block, block.element, context, act),
    problem ? h('div', {class: 'problem', role: 'alert'}, problem) : null,
    block.hint ? h('div', {class: 'hint'}, textOf(block.hint, context)) : null);
}

function drawBlock(block, context, act) {
  switch (block.type) {
    case 'section': {
      const accessory = block.accessory ? h('div', {class: 'accessory'}, drawElement(block, block.accessory, context, act)) : null;
      const text = block.text ? h('div', {class: 'text'}, context.where === 'message' ?
        long(plain(block.text), h('div', {}, textOf(block.text, context))) : textOf(block.text, context)) : null;
      const fields = block.fields ? h('div', {class: 'fields'}, block.fields.map(field => h('div', {}, textOf(field, context)))) : null;
      return h('div', {class: 'section'}, h('div', {class: 'wide'}, text, fields), accessory);
    }
    case 'context': return h('div', {class: 'context'}, block.elements.map(element => drawElement(block, element, context, act)));
    case 'actions': case 'context_actions':
      return h('div', {class: 'actions'}, block.elements.map(element => drawElement(block, element, context, act)));
    case 'header': return h('h3', {}, textOf(block.text, context));
    case 'divider': return h('hr');
    case 'image':
      return h('figure', {}, block.title ? h('figcaption', {}, textOf(block.title, context)) : null,
        drawImage(fileUrl(block.slack_file, context), block.alt_text, context));
    case 'input': return drawInput(block, context, act);
    case 'table': return drawTable(block, context);
    case 'markdown': return h('div', {class: 'markdown'}, markdown(block.text, context));
    case 'rich_text': return h('div', {class: 'rich'}, block.elements.map(part => richPart(part, context)));
    default: return h('div', {class: 'unknown'}, '[' + block.type + ']');
  }
}

export const drawBlocks = (blocks, context, act) => (blocks ?? []).map(block => drawBlock(block, context, act));
