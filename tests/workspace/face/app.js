// The workspace, drawn live: what its state says, for several people side by side. ?people=ana,bo says whose screens, ?theme=dark
// or light how they look.
import {h, arrange, drawOnce} from './nodes.js';
import {wallClock, inZone} from './mrkdwn.js';
import {Screen} from './screen.js';

const token = document.querySelector('meta[name=face-token]').content;
const asked = new URLSearchParams(location.search);
const dark = matchMedia('(prefers-color-scheme: dark)');
function dress() {
  const wanted = asked.get('theme');
  document.documentElement.dataset.theme = ['light', 'dark'].includes(wanted) ? wanted : dark.matches ? 'dark' : 'light';
}
dark.addEventListener('change', dress);
dress();

const byId = id => document.getElementById(id);
let state = null, trouble = '';
const screens = new Map(); // a person's id → her screen, also while it is put away
const shown = new Set(); // ids

// --- what people do ---

let before = Promise.resolve();
/// In the order of the clicks; resolves with the numbers of the gestures, or throws what Slack would not let happen.
function perform(gesture) {
  const sent = before.then(async () => {
    const answer = await fetch('/gesture', {method: 'POST', headers: {'Content-Type': 'application/json', 'X-Face-Token': token},
      body: JSON.stringify(gesture)});
    const said = await answer.json();
    if (!said.ok) throw new Error(said.error);
    return said.gestures;
  });
  before = sent.catch(() => {});
  return sent;
}
const performBeside = gesture => perform(gesture).catch(error => say(error.message));

function say(text) {
  trouble = text;
  byId('trouble').hidden = !text;
  byId('trouble').textContent = text;
}

// --- whose screens ---

const fits = () => innerWidth < 700 ? 1 : innerWidth < 1700 ? 2 : 3;

function show(id) {
  shown.add(id);
  draw();
}
function hide(id) {
  shown.delete(id);
  draw();
}
function toggle(id) {
  if (fits() === 1) {
    shown.clear();
    show(id);
  } else if (shown.has(id)) {
    hide(id);
  } else {
    show(id);
  }
}
function beginWith() {
  const wanted = (asked.get('people') ?? '').split(',').filter(Boolean);
  const found = wanted.map(name => state.people.find(person => person.name === name || person.id === name)).filter(Boolean);
  for (const person of found.length ? found : state.people.slice(0, fits())) show(person.id);
}

// --- the line at the top ---

function drawTop() {
  const there = wallClock(state.now, 'UTC');
  drawOnce(byId('clock'), there, () => [h('span', {class: 'day'}, inZone('UTC', {weekday: 'short', month: 'short', day: 'numeric'}).format(state.now * 1000)),
    h('strong', {}, there.time), h('small', {}, 'UTC')]);
  drawOnce(byId('speed'), state.speed, () => state.speed === null ? [] : [[0, 'Pause', 'The clock stands'], [1, '1×', 'As in life'], [100, '100×', 'A hundred times as fast']]
    .map(([speed, text, title]) => h('button', {type: 'button', title, 'aria-label': title, 'aria-pressed': String(speed === state.speed), 'data-speed': speed,
      onclick: () => performBeside({what: 'speed', speed})}, text)));
  drawOnce(byId('levers'), state.levers, () => state.levers.map(label =>
    h('button', {type: 'button', class: 'lever', 'data-lever': label, onclick: () => performBeside({what: 'lever', label})}, label)));
  const chips = state.people.map(person => [person.id, person.real_name, shown.has(person.id), shown.has(person.id) ? 0 : screens.get(person.id).unread(state)]);
  drawOnce(byId('people'), chips, () => chips.map(([id, name, here, unread]) => h('button', {type: 'button', class: 'chip', 'data-person': id,
    'aria-pressed': String(here), onclick: () => toggle(id)}, name, unread ? h('span', {class: 'badge'}, String(unread)) : null)));
}

function draw() {
  if (!state) return;
  for (const {id} of state.people) {
    if (!screens.has(id)) screens.set(id, new Screen(id, {perform, leave: () => hide(id), now: () => state}));
    screens.get(id).glance(state);
  }
  const all = state.people.filter(person => shown.has(person.id));
  arrange(byId('screens'), all.map(person => screens.get(person.id).element));
  for (const person of all) screens.get(person.id).draw(state);
  drawTop();
}

// --- live ---

const away = 'The demo has ended, or cannot be reached. This page goes on when it is back.';
let undrawn = '';

function follow(next) {
  const first = state === null;
  state = next;
  document.documentElement.dataset.seen = state.seen; // for whoever watches the page
  if (trouble === away || (trouble && trouble === undrawn)) say('');
  try {
    if (first) beginWith();
    draw();
  } catch (error) {
    // A mistake of this page, not of the demo, which goes on.
    console.error(error);
    say(undrawn = 'This page cannot draw what there is now (' + error.message + '). Load it again; if that is no help, it is a bug.');
  }
}

async function live() {
  for (let seen = ''; ;) {
    let next = null;
    try {
      const answer = await fetch('/state?seen=' + encodeURIComponent(seen));
      if (!answer.ok) throw new Error('status ' + answer.status);
      next = await answer.json();
    } catch (error) {
      console.warn(error);
      say(away);
      seen = '';
      await new Promise(soon => setTimeout(soon, 1000));
      continue;
    }
    seen = next.seen;
    follow(next);
  }
}

addEventListener('click', event => { if (event.target === byId('trouble')) say(''); });
live();
