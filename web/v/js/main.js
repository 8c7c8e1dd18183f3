/*
 * The check page (X05): whoever has a certificate before them sees whether
 * it is genuine and what has become of it.  The QR code leads here with the
 * code or the signed statement behind the #, which the browser keeps to
 * itself; only the code is asked about.  sw.js keeps the page and the public
 * keys, so that a statement can be proved without a network.
 */

import { fill, h } from '/js/dom.js';
import { check } from './check.js';
import { fileCard } from './file.js';
import { drawFrame, loadSite } from './frame.js';
import { resultOf } from './result.js';
import { readInput } from './statement.js';
import { chooseLanguage, t, useLanguage } from './text.js';

const root = document.getElementById('page');
const said = h('div', { 'aria-live': 'polite', id: 'said' });
const heading = h('h1', { tabindex: '-1' });
const file = h('div', {});
const form = h('div', {});

let leaving = new AbortController();
let asked = null;       // the fragment of it
let shown = null;       // the result on the screen, in whatever language

const fragment = () => location.hash.slice(1);

/* Types a code, or pastes what the QR code says. */
function drawForm() {
    const error = h('p', { class: 'error', id: 'code-error' });
    const input = h('input', {
        id: 'code', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false',
        'aria-describedby': 'code-hint code-error'
    });

    function submit(event) {
        const found = readInput(input.value);

        event.preventDefault();
        input.setAttribute('aria-invalid', String(!found));
        error.textContent = found ? '' : t(input.value.trim() ? 'code_wrong' : 'code_none');

        if (!found) {
            input.focus();
        } else if (fragment() === (found.digits || found.code)) {
            run(true);
        } else {
            location.hash = found.digits || found.code;
        }
    }

    fill(form, h('section', { class: 'card' },
        fragment() ? h('h2', {}, t('other')) : null,
        h('form', { novalidate: true, onsubmit: submit },
            h('label', { for: 'code' }, t('code')), input,
            h('p', { class: 'hint', id: 'code-hint' }, t('code_hint')), error,
            h('button', { type: 'submit', class: 'button main' }, t('check'))),
        h('p', { class: 'aside host' }, t('host', { host: location.host }))));
}

function forget() {
    leaving.abort();
    leaving = new AbortController();

    if (shown?.photo?.url) {
        URL.revokeObjectURL(shown.photo.url);
    }

    shown = null;
    fill(file);
}

function drawResult() {
    fill(said, resultOf(shown, () => run(true)));
    document.title = `${said.querySelector('h2').textContent} - ${t('title')}`;
    fill(file, shown.statement || shown.answer?.files ? fileCard(shown) : null);
}

/* "focus": the visitor asked for it here and now. */
async function run(focus) {
    const words = fragment();
    const input = readInput(words);

    forget();

    if (words !== asked) {      // what is being typed stays
        asked = words;
        drawForm();
    }

    document.title = t('title');

    if (!input) {
        fill(said, h('section', { class: 'card' },
            h('p', words ? { class: 'bad', role: 'alert' } : {}, t(words ? 'link_wrong' : 'lead'))));
        return;
    }

    const { signal } = leaving;

    fill(said, h('section', { class: 'card' }, h('p', { class: 'checking' }, t('checking'))));

    const result = await check(input, signal);

    if (signal.aborted) {
        return;
    }

    shown = result;
    drawResult();

    if (focus) {
        said.querySelector('h2').focus();
    }
}

/* Another language, without asking the service again. */
function speak(language) {
    useLanguage(language, true);
    draw();
    document.querySelector('.language').focus();
}

function draw() {
    drawFrame(speak);
    heading.textContent = t('title');
    drawForm();

    if (shown) {
        drawResult();
    }
}

/* A file that misses its place must not take the page's. */
for (const name of ['dragover', 'drop']) {
    addEventListener(name, (event) => event.preventDefault());
}

addEventListener('hashchange', () => run(true));
addEventListener('online', () => shown && run(false));
chooseLanguage();
fill(root, heading, said, file, form);
drawFrame(speak);
heading.textContent = t('title');
navigator.serviceWorker?.register('sw.js').catch(() => {});     // http: none, and none needed
await Promise.all([run(false), loadSite()]);
