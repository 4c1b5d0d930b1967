// SPDX-License-Identifier: Apache-2.0
// The chat page. Whatever a bot or a person wrote goes into the page as text, never as markup.
const TYPING_MILLIS = 20000;
const GAP_MILLIS = 5 * 60000;

const at = (id) => document.getElementById(id);
const log = at('log');
const text = at('text');
const scroller = document.querySelector('main');

let user = '';
let page = '';
let stream = null;
let typingTimer = 0;
let lastFrom = '';
let lastAt = 0;
let link = new URLSearchParams(location.search).get('ref') || '';

function make(tag, className, content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (content !== undefined) element.textContent = content;
  return element;
}

// Storage may be forbidden; then the person lasts as long as the page.
function recall(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}

function remember(key, value) {
  try { localStorage.setItem(key, value); } catch { /* as said */ }
}

function newUser() {
  const digits = crypto.getRandomValues(new Uint32Array(15));
  return '7' + Array.from(digits, (digit) => digit % 10).join('');
}

function become(id) {
  user = id;
  remember('spillway.user', id);
  at('user').textContent = id.replace(/(\d{4})(?=\d)/g, '$1 ');
}

// ---- the conversation ----

function connect() {
  if (stream) stream.close();
  clear();
  connection('Connecting…', '');
  stream = new EventSource('/chat/events?' + new URLSearchParams({ page, user }));
  stream.onopen = () => connection('Connected', 'on');
  stream.onerror = () => connection('Connecting again…', 'off');
  stream.addEventListener('history', (event) => replay(JSON.parse(event.data).lines));
  stream.addEventListener('line', (event) => live(JSON.parse(event.data)));
  stream.addEventListener('delivery', (event) => delivery(JSON.parse(event.data)));
  stream.addEventListener('action', (event) => action(JSON.parse(event.data).action));
}

function connection(words, state) {
  at('connection').textContent = words;
  at('dot').className = 'dot ' + state;
}

function clear() {
  log.replaceChildren();
  quickReplies([]);
  typing(false);
  lastFrom = '';
  lastAt = 0;
}

function replay(lines) {
  log.setAttribute('aria-busy', 'true');
  clear();
  lines.forEach((line) => show(line, false));
  log.removeAttribute('aria-busy');
  at('empty').hidden = lines.length > 0 || link !== '';
  toEnd();
  if (link) {
    const ref = link;
    link = '';
    history.replaceState(null, '', '/');
    send({ referral: { ref } });
  }
}

function live(line) {
  at('empty').hidden = true;
  const follow = isAtEnd();
  show(line, true);
  if (follow || line.from === 'user') toEnd();
}

// With some slack: a line that is half out of sight does not mean that the person reads further up.
function isAtEnd() {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 160;
}

function toEnd() {
  scroller.scrollTop = scroller.scrollHeight;
}

function show(line, isNew) {
  if (line.at - lastAt > GAP_MILLIS) log.append(clock(line.at));
  if (line.ref) log.append(make('p', 'note', 'Opened by a link with ref “' + line.ref + '”'));
  const row = make('div', 'row' + (line.from === lastFrom ? '' : ' turn') + (isNew ? ' new' : ''));
  row.dataset.from = line.from;
  row.dataset.seq = line.seq;
  if (line.from === 'user') mine(row, line); else theirs(row, line.message);
  log.append(row);
  lastFrom = line.from;
  lastAt = line.at;
}

function clock(millis) {
  const time = make('time', 'time', new Date(millis).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
  time.dateTime = new Date(millis).toISOString();
  return time;
}

function mine(row, line) {
  quickReplies([]);
  if (line.text) row.append(speaker('You'), make('p', 'bubble', line.text));
  const state = make('p', 'delivery');
  state.setAttribute('aria-live', 'off');
  row.append(state);
  if (line.delivery) deliveryText(state, line.delivery);
}

function speaker(name) {
  return make('span', 'unseen', name + ': ');
}

function theirs(row, message) {
  typing(false);
  row.append(speaker(at('name').textContent));
  if (typeof message.text === 'string') row.append(make('p', 'bubble', message.text));
  const attachments = message.attachments || (message.attachment ? [message.attachment] : []);
  attachments.forEach((attachment) => row.append(...cards(attachment)));
  const replies = (message.quick_replies || []).filter((reply) => reply.content_type === 'text');
  if (replies.length) row.append(make('span', 'unseen', 'Choices: ' + replies.map((reply) => reply.title).join(', ')));
  quickReplies(replies);
}

function cards(attachment) {
  const payload = attachment.payload || {};
  if (payload.template_type === 'button') return [card([payload.text], payload.buttons)];
  if (payload.template_type === 'generic') {
    return payload.elements.map((element) => card([element.title, element.subtitle], element.buttons));
  }
  const words = payload.url ? attachment.type + ': ' + payload.url : attachment.type;
  return [make('p', 'bubble', words)];
}

function card(lines, buttons) {
  const bubble = make('div', 'bubble card');
  lines.filter(Boolean).forEach((line) => bubble.append(make('p', '', line)));
  (buttons || []).forEach((button) => bubble.append(cardButton(button)));
  return bubble;
}

function cardButton(button) {
  if (button.type === 'web_url' && /^https?:\/\//i.test(button.url)) {
    const anchor = make('a', '', button.title);
    anchor.href = button.url;
    anchor.target = '_blank';
    anchor.rel = 'noopener noreferrer';
    return anchor;
  }
  const element = make('button', '', button.title || button.type);
  element.type = 'button';
  element.disabled = button.type !== 'postback';
  element.addEventListener('click', () => send({ postback: { title: button.title, payload: button.payload } }));
  return element;
}

function quickReplies(replies) {
  const group = at('replies');
  const hadFocus = group.contains(document.activeElement);
  group.replaceChildren(...replies.map((reply) => {
    const pill = make('button', 'pill', reply.title);
    pill.type = 'button';
    pill.addEventListener('click', () => send({ quickReply: { title: reply.title, payload: reply.payload } }));
    return pill;
  }));
  group.hidden = group.childElementCount === 0;
  // Not where it would bring up a keyboard on the glass.
  if (hadFocus && !matchMedia('(pointer: coarse)').matches) text.focus();
}

// ---- what happens beside the lines ----

function delivery(news) {
  const row = log.querySelector('[data-seq="' + Number(news.of) + '"]');
  const follow = isAtEnd();
  if (row) deliveryText(row.querySelector('.delivery'), news);
  if (follow) toEnd();
}

function deliveryText(element, { status, attempts, millis, retried }) {
  const answer = status === 0 ? 'No answer' : String(status);
  const tries = attempts > 1 ? ', attempt ' + attempts : '';
  if (status === 200) {
    element.className = 'delivery good';
    element.textContent = 'Delivered 200 in ' + millis + ' ms' + tries;
  } else {
    element.className = 'delivery bad';
    element.textContent = answer + (retried ? ', retried' : ', given up') + tries;
  }
}

function action(name) {
  if (name === 'typing_on') typing(true);
  if (name === 'typing_off') typing(false);
}

function typing(on) {
  clearTimeout(typingTimer);
  const follow = isAtEnd();
  at('typing').hidden = !on;
  if (on) {
    typingTimer = setTimeout(() => typing(false), TYPING_MILLIS);
    if (follow) toEnd();
  }
}

// ---- what the person does ----

async function send(what) {
  problem('');
  try {
    const answer = await fetch('/chat/messages', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ page, user, ...what }),
    });
    if (answer.status === 202) return true;
    problem('Not sent: ' + (await answer.json()).problem + '.');
  } catch {
    problem('Not sent: the sandbox does not answer. Is it running?');
  }
  return false;
}

function problem(words) {
  at('problem').textContent = words;
  at('problem').hidden = words === '';
}

function grow() {
  text.style.height = 'auto';
  text.style.height = Math.min(text.scrollHeight + 2, 144) + 'px';
  at('send').disabled = text.value.trim() === '';
}

async function submit() {
  const words = text.value.trim();
  if (!words) return;
  text.value = '';
  grow();
  text.focus();
  if (!(await send({ text: words })) && text.value === '') {
    text.value = words;
    grow();
  }
}

function write(chosen) {
  page = chosen.id;
  remember('spillway.page', page);
  at('name').textContent = chosen.name;
  at('empty-name').textContent = chosen.name;
  at('avatar').textContent = chosen.name.slice(0, 1).toUpperCase();
  document.title = chosen.name + ' · Spillway sandbox';
  connect();
}

async function begin() {
  become(recall('spillway.user') || newUser());
  const pages = (await (await fetch('/chat/pages')).json()).pages;
  if (pages.length === 0) {
    connection('This sandbox has no page', 'off');
    return;
  }
  at('page').append(...pages.map((one) => new Option(one.name, one.id)));
  at('pages').hidden = pages.length === 1;
  const chosen = pages.find((one) => one.id === recall('spillway.page')) || pages[0];
  at('page').value = chosen.id;
  at('page').addEventListener('change', () => write(pages.find((one) => one.id === at('page').value)));
  write(chosen);
}

at('form').addEventListener('submit', (event) => { event.preventDefault(); submit(); });
text.addEventListener('input', grow);
text.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  }
});
at('fresh').addEventListener('click', () => { become(newUser()); connect(); text.focus(); });
at('start').addEventListener('click', () => send({ postback: { title: 'Get Started', payload: 'GET_STARTED' } }));
document.querySelectorAll('[data-say]').forEach((pill) =>
  pill.addEventListener('click', () => send({ text: pill.dataset.say })));

begin().catch(() => connection('The sandbox does not answer', 'off'));
