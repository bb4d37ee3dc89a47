// One person's Slack: her channels, the conversation she looks at, its thread, and the modal in front of them.
import {h, arrange, drawOnce} from './nodes.js';
import {mrkdwn, pushText, timeOfDay, dayLine, wallClock, textOf, emojiOf} from './mrkdwn.js';
import {drawBlocks, drawImage, openMenu} from './blocks.js';

const secondsOf = message => Number(message.ts.split('.')[0]);
const hue = id => [...id].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 8, 0);
const mostBanners = 3, bannerFor = 9000;

const newest = state => state.places.flatMap(place => place.messages.map(message => message.ts)).sort().at(-1) ?? '0';

export class Screen {
  constructor(id, {perform, leave, now}) {
    this.id = id;
    this.perform = perform;
    this.now = now;
    this.at = null; // {place} or {home}; a place is an id, or 'bot' for the direct message with the bot
    this.thread = null; // ts
    this.seen = new Map(); // place → ts of the last message that was seen
    this.drafts = new Map(); // place (and thread) → text
    this.busy = new Map(); // gesture → what it was, until it has ended
    this.sending = 0; // gestures that the workspace has not heard of yet
    this.begun = null; // ts: what came before was no news
    this.narrow = 'talk'; // what a narrow screen shows: 'list' or 'talk'
    this.refused = {}; // a view's id → block → words: what the form itself did not let through
    this.list = h('nav', {class: 'list', 'aria-label': 'Channels'});
    this.head = h('header', {class: 'head'});
    this.messages = h('div', {class: 'messages', role: 'log'});
    this.writer = h('div', {class: 'writer'});
    this.talk = h('section', {class: 'talk'}, this.head, this.messages, this.writer);
    this.side = h('aside', {class: 'thread', hidden: true, 'aria-label': 'Thread'});
    this.sideHead = h('header', {class: 'head'});
    this.replies = h('div', {class: 'messages'});
    this.sideWriter = h('div', {class: 'writer'});
    this.side.append(this.sideHead, this.replies, this.sideWriter);
    this.shade = h('div', {class: 'shade', hidden: true});
    this.banners = h('div', {class: 'banners', 'aria-live': 'polite'});
    this.owner = h('div', {class: 'owner'});
    this.body = h('div', {class: 'slack'}, this.list, this.talk, this.side);
    this.frame = h('div', {class: 'screen'}, this.body, this.shade, this.banners);
    this.element = h('article', {class: 'device', 'data-screen': id}, h('div', {class: 'bar'}, this.owner,
      h('button', {type: 'button', class: 'icon', 'aria-label': 'Put this screen away', onclick: leave}, '✕')), this.frame);
    // A picture that comes later must not push the end out of sight.
    this.messages.addEventListener('load', event => {
      const {scrollHeight, scrollTop, clientHeight} = this.messages;
      if (scrollHeight - scrollTop - clientHeight < event.target.offsetHeight + 60) this.messages.scrollTop = scrollHeight;
    }, true);
    this.shade.addEventListener('keydown', event => {
      if (event.key === 'Escape' && !event.defaultPrevented) this.gesture({what: 'close'});
    });
  }

  // --- what she does ---

  /// `spot` is what was pressed, to show that it is on its way.
  async gesture(gesture, spot = null) {
    ++this.sending;
    try {
      const numbers = await this.perform({...gesture, as: this.id});
      for (const number of numbers) this.busy.set(number, {spot, view: gesture.what === 'submit' ? this.view()?.id : null, said: gesture.text});
    } catch (error) {
      this.complain(error.message);
      return false;
    } finally {
      --this.sending;
    }
    this.follow(this.now());
    this.markBusy();
    return true;
  }
  /// How her gestures ended.
  follow(state) {
    for (const {number, pending, error} of state.gestures) {
      const mine = this.busy.get(number);
      if (!mine || pending) continue;
      this.busy.delete(number);
      if (error) this.failed(mine, error);
    }
  }
  failed({view, said}, error) {
    if (error.startsWith('form: ')) {
      this.refused[view] = error.slice(6).split('; ');
      this.drawModal(this.now(), this.person);
      return;
    }
    const app = this.now().names[this.now().bot];
    if (said?.startsWith('/')) this.complain(said.split(' ')[0] + ' failed with the error “' + error + '”');
    else if (view) this.complain('We had some trouble connecting. Try again? (' + error + ')');
    else this.complain(app + ' did not take that: ' + error);
  }
  complain(text) { this.banner(h('div', {class: 'banner wrong', role: 'alert'}, h('span', {class: 'bell'}, '⚠'), h('div', {}, text))); }
  markBusy() {
    const spots = new Set([...this.busy.values()].map(one => one.spot).filter(Boolean));
    for (const element of this.frame.querySelectorAll('[data-key]')) element.classList.toggle('busy', spots.has(element.dataset.key));
    this.shade.classList.toggle('waiting', [...this.busy.values()].some(one => one.view));
  }

  // --- what there is ---

  view() { return this.person?.modals.at(-1); }
  placeOf(state, place) { return place === 'bot' ? state.places.find(one => one.id === this.person.direct) : state.places.find(one => one.id === place); }
  mine(state) {
    return state.places.filter(place => place.kind === 'open' || place.members.includes(this.id)).filter(place => !place.archived);
  }
  allIn(state, place) {
    const found = this.placeOf(state, place);
    if (!found) return [];
    return [...found.messages, ...this.person.ephemerals.filter(message => message.channel === found.id)]
      .sort((a, b) => a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0);
  }
  unreadIn(state, place) {
    const since = this.seen.get(place) ?? this.begun;
    return this.allIn(state, place).filter(message => message.ts > since && message.user !== this.id && (!message.thread_ts || message.broadcast)).length;
  }
  /// While nobody looks at this screen.
  glance(state) {
    this.person = state.people.find(person => person.id === this.id);
    this.begun ??= newest(state);
  }
  unread(state) { return this.unreadIn(state, 'bot'); }
  context(state, more) {
    return {where: 'message', names: state.names, groups: state.groups, files: state.files, people: state.people, zone: this.person.tz,
      now: state.now, me: this.id, view: '', places: Object.fromEntries(state.places.filter(place => !place.kind.includes('direct'))
        .map(place => [place.id, place.name])), ...more};
  }

  go(at) {
    this.at = at;
    this.thread = null;
    this.narrow = 'talk';
    this.messages.drawnFrom = undefined; // it may show Home
    if (at.home) this.gesture({what: 'open_home'});
    this.draw(this.now());
    this.messages.scrollTop = this.messages.scrollHeight;
    this.writer.querySelector('textarea')?.focus({preventScroll: true});
  }
  openThread(ts) {
    this.thread = ts;
    this.draw(this.now());
    this.replies.scrollTop = this.replies.scrollHeight;
    if (ts) this.sideWriter.querySelector('textarea')?.focus({preventScroll: true});
  }

  // --- drawing ---

  draw(state) {
    this.glance(state);
    const last = newest(state);
    if (!this.at) {
      const places = this.mine(state).filter(place => place.kind === 'open' || place.kind === 'closed');
      const own = places.find(place => place.members.includes(this.id)) ?? places[0];
      this.at = this.allIn(state, 'bot').length || !own ? {place: 'bot'} : {place: own.id};
    }
    this.follow(state);
    this.frame.dataset.narrow = this.narrow;
    this.drawOwner(state);
    this.tell(state, last);
    const seen = this.at.place && this.allIn(state, this.at.place).at(-1);
    if (seen) this.seen.set(this.at.place, seen.ts);
    this.drawList(state);
    this.drawTalk(state);
    this.drawThread(state);
    this.drawModal(state, this.person);
    this.markBusy();
  }

  drawOwner(state) {
    const {time} = wallClock(state.now, this.person.tz);
    drawOnce(this.owner, [time, this.person.real_name, this.person.quiet], () => [this.face(this.id, state, 'small'), h('strong', {}, this.person.real_name),
      h('span', {class: 'time', title: this.person.tz}, timeOfDay(state.now, this.person.tz)),
      h('span', {class: 'zone'}, this.person.tz.split('/').at(-1).replace(/_/g, ' ')), this.person.quiet ? h('span', {title: 'Do Not Disturb'}, '💤') : null]);
  }

  /// Her notifications.
  tell(state, last) {
    const news = this.told ?? this.begun;
    this.told = last;
    if (last <= news || this.person.quiet) return;
    for (const place of this.mine(state)) {
      const key = place.id === this.person.direct ? 'bot' : place.id;
      for (const message of place.messages) {
        if (message.ts <= news || message.user === this.id || (this.at.place === key && !this.person.modals.length)) continue;
        if (key !== 'bot' && !JSON.stringify([message.text, message.blocks]).includes('<@' + this.id + '>')) continue;
        const words = pushText(message.text, this.context(state));
        const banner = h('div', {class: 'banner', tabindex: 0, role: 'button', onclick: () => { banner.remove(); this.go({place: key}); }},
          this.face(message.user, state, 'small'), h('div', {}, h('strong', {}, key === 'bot' ? state.names[message.user] : '#' + place.name), h('p', {}, words)));
        banner.addEventListener('keydown', event => { if (event.key === 'Enter') banner.click(); });
        this.banner(banner);
      }
    }
  }
  banner(banner) {
    if (banner.classList.contains('wrong')) banner.addEventListener('click', () => banner.remove());
    this.banners.append(banner);
    while (this.banners.children.length > mostBanners) this.banners.firstChild.remove();
    setTimeout(() => banner.remove(), bannerFor);
  }

  face(id, state, size = '') {
    if (id === state.bot) return h('span', {class: 'face app ' + size}, h('img', {src: '/icon.svg', alt: ''}));
    const name = state.names[id] ?? '?';
    const letters = name.split(/\s+/).map(word => [...word][0] ?? '').join('').slice(0, 2).toUpperCase();
    return h('span', {class: 'face hue-' + hue(id) + ' ' + size, 'aria-hidden': 'true'}, letters);
  }

  drawList(state) {
    const places = this.mine(state);
    const rooms = places.filter(place => place.kind === 'open' || place.kind === 'closed')
      .map(place => ({key: place.id, name: place.name, closed: place.kind === 'closed', unread: this.unreadIn(state, place.id)}))
      .sort((a, b) => a.name < b.name ? -1 : 1);
    const groups = places.filter(place => place.kind === 'group_direct').map(place => ({key: place.id,
      name: place.members.filter(id => id !== this.id).map(id => state.names[id]).join(', '), unread: this.unreadIn(state, place.id)}));
    const bot = {name: state.names[state.bot], unread: this.unreadIn(state, 'bot')};
    drawOnce(this.list, [rooms, groups, bot, this.at], () => {
      const entry = (key, mark, name, unread, badge) => h('button', {type: 'button', 'data-place': key,
        class: 'entry' + (this.at.place === key || (key === 'bot' && this.at.home) ? ' here' : '') + (unread ? ' unread' : ''),
        onclick: () => this.go({place: key})}, mark, h('span', {class: 'name'}, name), badge && unread ? h('span', {class: 'badge'}, String(unread)) : null);
      return [h('div', {class: 'team'}, state.team.charAt(0).toUpperCase() + state.team.slice(1)),
        h('h4', {}, 'Channels'),
        rooms.map(room => entry(room.key, h('span', {class: 'mark'}, room.closed ? '🔒' : '#'), room.name, room.unread, false)),
        groups.length ? h('h4', {}, 'Direct messages') : null,
        groups.map(group => entry(group.key, h('span', {class: 'mark'}, '👥'), group.name, group.unread, true)),
        h('h4', {}, 'Apps'), entry('bot', this.face(state.bot, state, 'tiny'), bot.name, bot.unread, true)];
    });
  }

  drawHead(state) {
    const back = h('button', {type: 'button', class: 'icon back', 'aria-label': 'Channels', onclick: () => { this.narrow = 'list'; this.draw(this.now()); }}, '‹');
    const place = this.at.place && this.at.place !== 'bot' ? this.placeOf(state, this.at.place) : null;
    drawOnce(this.head, [this.at, place?.name, place?.topic, place?.members.length, state.home_tab], () => {
      if (place)
        return [back, h('h2', {}, place.kind === 'group_direct' ? place.members.filter(id => id !== this.id).map(id => state.names[id]).join(', ') :
          (place.kind === 'closed' ? '🔒 ' : '# ') + place.name), h('span', {class: 'topic'}, mrkdwn(place.topic, this.context(state))),
        h('span', {class: 'count', title: 'Members'}, '👤 ' + place.members.length)];
      const tab = (name, at) => h('button', {type: 'button', class: 'tab', 'aria-pressed': String(Boolean(at.home) === Boolean(this.at.home)),
        'data-tab': name, onclick: () => this.go(at)}, name);
      return [back, this.face(state.bot, state, 'small'), h('h2', {}, state.names[state.bot]), h('span', {class: 'tabs'},
        state.home_tab ? tab('Home', {home: true}) : null, state.messages_tab ? tab('Messages', {place: 'bot'}) : null)];
    });
  }

  drawTalk(state) {
    this.drawHead(state);
    if (this.at.home) {
      const {home} = this.person;
      const changed = drawOnce(this.messages, ['home', home, dayLine(state.now, state.now, this.person.tz)], () => home ?
        [h('div', {class: 'home'}, drawBlocks(home.blocks, this.viewContext(state, home, 'home'), this.actions({in: 'home'}, home.id)))] :
        [h('p', {class: 'empty'}, 'There is nothing here yet.')]);
      if (changed) this.keySpots(this.messages, home?.id ?? '');
      drawOnce(this.writer, 'none', () => []);
      return;
    }
    const all = this.allIn(state, this.at.place);
    const shown = all.filter(message => !message.thread_ts || message.broadcast);
    const place = this.placeOf(state, this.at.place);
    this.drawWriter(this.writer, this.at.place, this.at.place === 'bot' ? state.names[state.bot] : (place?.kind === 'group_direct' ? '' : '#') + (place?.name ?? ''), null);
    this.drawMessages(this.messages, state, shown, all); // last: it goes to its end, which the writer moves
  }

  drawThread(state) {
    const open = this.thread && this.at.place;
    this.side.hidden = !open;
    this.body.classList.toggle('with-thread', Boolean(open));
    if (!open) return;
    const all = this.allIn(state, this.at.place), place = this.placeOf(state, this.at.place);
    drawOnce(this.sideHead, place?.name, () => [h('h2', {}, 'Thread'), h('span', {class: 'topic'}, this.at.place === 'bot' ? state.names[state.bot] : '# ' + place.name),
      h('button', {type: 'button', class: 'icon', 'aria-label': 'Close the thread', onclick: () => this.openThread(null)}, '✕')]);
    const parent = all.find(message => message.ts === this.thread);
    const replies = all.filter(message => message.thread_ts === this.thread);
    this.drawWriter(this.sideWriter, this.at.place, '', this.thread);
    this.drawMessages(this.replies, state, parent ? [parent, ...replies] : replies, all, true);
  }

  // --- messages ---

  drawMessages(list, state, shown, all, thread = false) {
    const today = wallClock(state.now, this.person.tz).date;
    const end = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
    list.known ??= new Map();
    const known = new Map(), nodes = [];
    let previous = null;
    for (const message of shown) {
      const replies = thread ? [] : all.filter(reply => reply.thread_ts === message.ts);
      const day = wallClock(secondsOf(message), this.person.tz).date;
      if (!thread && (!previous || previous.day !== day)) {
        const key = 'day ' + day, from = key + today;
        const line = list.known.get(key)?.from === from ? list.known.get(key).node :
          h('div', {class: 'day-line'}, h('span', {}, dayLine(secondsOf(message), state.now, this.person.tz)));
        known.set(key, {from, node: line});
        nodes.push(line);
      }
      const joined = !thread && previous && previous.message.user === message.user && message.user !== state.bot && previous.day === day
        && !previous.replies && secondsOf(message) - secondsOf(previous.message) < 300;
      const names = [state.names, state.groups, state.files, this.context(state).places];
      const from = JSON.stringify([message, replies.map(reply => [reply.ts, reply.user]), today, joined, names]);
      const before = list.known.get(message.ts);
      const node = before?.from === from ? before.node : this.drawMessage(state, message, replies, joined, thread);
      known.set(message.ts, {from, node});
      nodes.push(node);
      if (thread && message.ts === this.thread && shown.length > 1)
        nodes.push(h('div', {class: 'replies-line'}, h('span', {}, shown.length === 2 ? '1 reply' : shown.length - 1 + ' replies')));
      previous = {message, day, replies: replies.length};
    }
    if (!nodes.length) nodes.push(h('p', {class: 'empty'}, 'Nothing has been said here yet.'));
    list.known = known;
    arrange(list, nodes);
    if (end) list.scrollTop = list.scrollHeight;
  }

  drawMessage(state, message, replies, joined, thread) {
    const context = this.context(state), act = this.actions({in: 'message', channel: message.channel, ts: message.ts}, message.ts);
    const bot = message.user === state.bot;
    const content = [];
    if (message.blocks) content.push(...drawBlocks(message.blocks, context, act));
    else if (message.text && !(message.attachments && !message.text.trim()))
      content.push(h('div', {class: 'text'}, mrkdwn(message.text, context), message.edited ? h('span', {class: 'edited'}, ' (edited)') : null));
    for (const attachment of message.attachments ?? []) {
      const box = h('div', {class: 'attachment'}, attachment.blocks ? drawBlocks(attachment.blocks, context, act) :
        h('div', {class: 'text'}, mrkdwn(attachment.text ?? attachment.fallback ?? '', context)));
      if (/^#[0-9a-f]{6}$/i.test(attachment.color ?? '')) box.style.borderLeftColor = attachment.color;
      content.push(box);
    }
    for (const id of message.files ?? []) {
      const file = state.files[id];
      if (!file) continue;
      content.push(file.image ? h('figure', {}, h('figcaption', {}, file.title || file.name), drawImage('/files/' + encodeURIComponent(id), file.alt || file.title, context)) :
        h('a', {class: 'file', href: '/files/' + encodeURIComponent(id), download: file.name}, h('span', {class: 'bell'}, '📄'), h('span', {}, h('strong', {}, file.title || file.name), h('small', {}, file.name))));
    }
    if (message.reactions?.length)
      content.push(h('div', {class: 'reactions'}, message.reactions.map(name => h('span', {title: ':' + name + ':'}, emojiOf(name), h('small', {}, '1')))));
    if (replies.length) {
      const who = [...new Set(replies.map(reply => reply.user))].slice(0, 3);
      content.push(h('button', {type: 'button', class: 'replies', 'data-thread': message.ts, onclick: () => this.openThread(message.ts)},
        who.map(id => this.face(id, state, 'tiny')), h('strong', {}, replies.length === 1 ? '1 reply' : replies.length + ' replies'),
        h('small', {}, 'Last reply ' + dayLine(secondsOf(replies.at(-1)), state.now, this.person.tz).toLowerCase().replace(/^(?!today|yesterday)/, 'on ')
          + ' at ' + timeOfDay(secondsOf(replies.at(-1)), this.person.tz))));
    }
    const time = h('time', {title: dayLine(secondsOf(message), state.now, this.person.tz)}, timeOfDay(secondsOf(message), this.person.tz));
    const node = h('div', {class: 'message' + (joined ? ' joined' : '') + (message.ephemeral ? ' only-you' : ''), 'data-ts': message.ts},
      message.ephemeral ? h('div', {class: 'eye'}, h('span', {}, '👁'), 'Only visible to you') : null,
      h('div', {class: 'row'}, joined ? h('span', {class: 'face none'}, time) : this.face(message.user, state),
        h('div', {class: 'content'}, joined ? null : h('div', {class: 'who'}, h('strong', {}, state.names[message.user] ?? message.user),
          bot ? h('span', {class: 'app-mark'}, 'APP') : null, time), content)),
      message.ephemeral ? null : this.toolbar(state, message, thread));
    this.keySpots(node, message.ts);
    return node;
  }

  toolbar(state, message, thread) {
    const at = {channel: message.channel, ts: message.ts};
    const react = emoji => h('button', {type: 'button', class: 'icon', 'aria-label': 'React with ' + emoji, onclick: () => this.gesture({what: 'react', ...at, emoji})}, emojiOf(emoji));
    const more = h('button', {type: 'button', class: 'icon', 'aria-label': 'More actions on the message', onclick: () => openMenu(more,
      this.menuOf(state.shortcuts, {what: 'shortcut', ...at}))}, '⋮');
    return h('div', {class: 'tools'}, react('eyes'), react('white_check_mark'),
      thread || message.thread_ts ? null : h('button', {type: 'button', class: 'icon', 'aria-label': 'Reply in thread', onclick: () => this.openThread(message.ts)}, '💬'),
      state.shortcuts.length ? more : null);
  }

  menuOf(shortcuts, gesture) {
    return shortcuts.map(({name, callback_id}) => ({text: name, description: this.now().names[this.now().bot], run: () => this.gesture({...gesture, callback_id})}));
  }

  /// Spots get names that nothing else on this screen has, so that what is on its way can be marked.
  keySpots(node, where) {
    for (const element of node.querySelectorAll('[data-spot]')) element.dataset.key = where + ' ' + element.dataset.spot;
  }
  actions(where, key) {
    const send = (what, spot, more = {}) => this.gesture({what, ...where, element: spot, ...more}, key + ' ' + spot);
    return {click: spot => send('click', spot), choose: (spot, option) => send('choose', spot, {option}),
      fill: (spot, text) => send('fill', spot, {text}), lookUp: (spot, typed) => send('look_up', spot, {text: typed})};
  }

  // --- writing ---

  drawWriter(box, place, name, thread) {
    const key = place + ' ' + (thread ?? ''), anywhere = this.now().global_shortcuts;
    if (!drawOnce(box, [key, name, anywhere], () => {
      const field = h('textarea', {rows: 1, 'aria-label': thread ? 'Reply' : 'Message ' + name, placeholder: thread ? 'Reply …' : 'Message ' + name});
      const send = h('button', {type: 'button', class: 'send', 'aria-label': 'Send', onclick: () => this.send(field, place, thread)}, '➤');
      const plus = h('button', {type: 'button', class: 'plus', 'aria-label': 'Shortcuts', 'aria-haspopup': 'menu', hidden: !anywhere.length,
        onclick: () => openMenu(plus, this.menuOf(anywhere, {what: 'global_shortcut'}))}, '+');
      const hints = h('div', {class: 'hints', hidden: true});
      field.value = this.drafts.get(key) ?? '';
      const typed = () => {
        this.drafts.set(key, field.value);
        send.classList.toggle('ready', Boolean(field.value.trim()));
        field.rows = Math.min(8, field.value.split('\n').length);
        const commands = /^\/\S*$/.test(field.value) ? this.now().commands.filter(command => command.startsWith(field.value)) : [];
        hints.hidden = !commands.length;
        hints.replaceChildren(...commands.map(command => h('button', {type: 'button', onclick: () => { field.value = command + ' '; typed(); field.focus(); }},
          this.face(this.now().bot, this.now(), 'small'), h('strong', {}, command), h('small', {}, this.now().names[this.now().bot]))));
      };
      field.addEventListener('input', typed);
      field.addEventListener('keydown', event => {
        if (event.key === 'Tab' && !hints.hidden) { event.preventDefault(); hints.firstChild.click(); }
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.send(field, place, thread);
      });
      typed();
      return [hints, h('div', {class: 'write'}, field, h('div', {class: 'under'}, plus, h('span', {'aria-hidden': 'true'}, 'Aa'),
        h('span', {'aria-hidden': 'true'}, '☺\uFE0E'), h('span', {'aria-hidden': 'true'}, '@'), send))];
    })) return;
  }
  async send(field, place, thread) {
    const text = field.value.trim();
    if (!text) return;
    if (thread && text.startsWith('/')) {
      this.complain(text.split(' ')[0] + ' is not supported in threads. Sorry!');
      return;
    }
    const kept = field.value;
    field.value = '';
    field.dispatchEvent(new Event('input'));
    if (await this.gesture({what: 'say', place: place === 'bot' ? '' : place, text, ...(thread ? {thread} : {})})) return;
    field.value = kept;
    field.dispatchEvent(new Event('input'));
  }

  // --- modals ---

  viewContext(state, view, where) {
    return this.context(state, {where, view: view.id, values: view.state.values, errors: view.errors, options: view.options});
  }

  /// What the form says, and what its own fields refuse.
  errorsOf(view) {
    const errors = {...view.errors};
    for (const problem of this.refused[view.id] ?? []) {
      const block = view.blocks.find(one => one.type === 'input' && problem.startsWith(one.label.text + ': '));
      if (block && !errors[block.block_id]) errors[block.block_id] = problem.slice(block.label.text.length + 2);
    }
    return errors;
  }

  drawModal(state, person) {
    const view = person.modals.at(-1);
    this.shade.hidden = !view;
    if (!view) {
      if (this.shade.firstChild) this.shade.replaceChildren();
      this.shade.drawnFrom = undefined;
      this.refused = {};
      return;
    }
    // What is being typed is kept by the field itself; all else is what the workspace says.
    const typed = new Set(['plain_text_input', 'email_text_input', 'url_text_input', 'number_input', 'rich_text_input']);
    const values = Object.values(view.state.values).flatMap(block => Object.values(block)).filter(value => !typed.has(value.type));
    const errors = this.errorsOf(view);
    const from = [view.id, view.hash, view.blocks, values, errors, view.options, view.submit, view.submit_disabled, person.modals.length];
    const focused = this.shade.contains(document.activeElement) ? document.activeElement : null;
    const spot = focused?.dataset.spot, caret = focused && 'typed' in focused.dataset ? focused.selectionStart : null;
    const same = this.shade.dataset.view === view.id, scrolled = same ? this.shade.querySelector('.body')?.scrollTop : 0;
    const fields = () => [...this.shade.querySelectorAll('[data-typed]')];
    // What the workspace has not been told yet is newer than what it tells.
    const newer = new Map(same ? fields().filter(one => one === focused || this.sending).map(one => [one.dataset.spot, one.value]) : []);
    const changed = drawOnce(this.shade, from, () => [this.modal(state, {...view, errors}, person.modals.length)]);
    for (const field of fields()) {
      const [block, action] = field.dataset.spot.split('/'), told = view.state.values[block]?.[action]?.value;
      const text = newer.get(field.dataset.spot) ?? (typeof told === 'string' ? told : '');
      if (field.value !== text) field.value = text;
    }
    if (!changed) return;
    this.shade.dataset.view = view.id;
    this.keySpots(this.shade, view.id);
    this.shade.querySelector('.body').scrollTop = scrolled ?? 0;
    const again = same && spot ? [...this.shade.querySelectorAll('[data-spot]')].find(one => one.dataset.spot === spot) : null;
    (again ?? this.shade.querySelector('.body input, .body select, .body textarea, footer button'))?.focus({preventScroll: true});
    if (again && caret !== null && again.type !== 'email') again.setSelectionRange(caret, caret);
    const wrong = this.shade.querySelector('.wrong');
    if (wrong && !this.shade.querySelector('.body').contains(again)) wrong.scrollIntoView({block: 'nearest'});
  }

  modal(state, view, depth) {
    const context = this.viewContext(state, view, 'modal');
    const submit = async () => {
      // A field that was typed into tells it when it loses the focus: before the form goes.
      if (this.shade.contains(document.activeElement)) document.activeElement.blur();
      delete this.refused[view.id];
      this.gesture({what: 'submit'}, view.id + ' submit');
    };
    const close = h('button', {type: 'button', class: 'button', 'data-modal': 'close', onclick: () => this.gesture({what: 'close'})}, view.close ? textOf(view.close, context) : 'Close');
    const body = h('div', {class: 'body'}, drawBlocks(view.blocks, context, this.actions({in: 'modal'}, view.id)));
    body.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || event.target.tagName !== 'INPUT' || !('typed' in event.target.dataset) || !view.submit) return;
      event.preventDefault();
      submit();
    });
    return h('div', {class: 'modal', role: 'dialog', 'aria-modal': 'true', 'aria-label': view.title.text},
      h('header', {}, depth > 1 ? h('button', {type: 'button', class: 'icon', 'aria-label': 'Back', onclick: () => this.gesture({what: 'close'})}, '‹') : null,
        this.face(state.bot, state, 'small'), h('h2', {}, textOf(view.title, context)),
        h('button', {type: 'button', class: 'icon', 'aria-label': 'Close everything', onclick: () => this.gesture({what: 'close_all'})}, '✕')),
      body,
      h('footer', {}, close, view.submit ? h('button', {type: 'button', class: 'button primary', 'data-modal': 'submit', 'data-spot': 'submit', disabled: view.submit_disabled, onclick: submit},
        textOf(view.submit, context)) : null));
  }
}
