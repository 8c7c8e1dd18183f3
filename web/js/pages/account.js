/*
 * 账号安全: another password, and where the account is open.  Whoever has to
 * change the password before anything else is led here and told why.
 * Depends on api.js, dom.js, router.js, session.js, site.js, text.js,
 * widgets.
 */

import { changePassword, endOthers, endSessionOf, getSessions } from '../api.js';
import { fill, h } from '../dom.js';
import { beginSession, session } from '../session.js';
import { showTime, t } from '../text.js';
import { prompt } from '../widgets/dialog.js';
import { passwordEntry } from '../widgets/entry.js';
import { newPasswordEntry } from '../widgets/new-password.js';
import { listOf, notice, promptProblem } from '../widgets/problem.js';
import { Sender } from '../widgets/send.js';

const keyOf = ({ code }) => (code === 'password_wrong' ? 'old'
    : /^password_/.test(code) ? 'password' : null);

class PasswordCard {
    /* "changed" is called when it was. */
    constructor(signal, changed) {
        this.changed = changed;
        this.said = h('div', { class: 'said', 'aria-live': 'polite' });
        this.summary = h('div', { class: 'summary' });
        this.old = passwordEntry('old', t('old_password'), 'current-password');
        this.password = newPasswordEntry(t('new_password'));
        this.button = h('button', { type: 'submit', class: 'button main' }, t('change_password'));
        this.sender = new Sender({
            rows: [this.old, this.password], summary: this.summary, button: this.button,
            signal, keyOf
        });
        this.element = h('section', { class: 'card', 'aria-labelledby': 'change-password' },
            h('h2', { id: 'change-password' }, t('change_password')), this.said, this.summary,
            h('form', { novalidate: true, onsubmit: (event) => this.submit(event) },
                this.old.element, this.password.element,
                h('div', { class: 'buttons' }, this.button)));
    }

    async submit(event) {
        const { old, password } = this;
        const lacks = password.empty() ? [] : password.lacks();

        event.preventDefault();
        fill(this.said);

        if (this.sender.lacking(lacks.map((words) => ({ key: 'password', words })))) {
            return;
        }

        const sent = await this.sender.send(t('saving'),
            () => changePassword(old.value(), password.value()));

        if (sent) {
            const forced = session()?.password_expired;

            beginSession(sent[0]);
            [old, password].forEach((row) => {
                row.input.value = '';
                row.input.dispatchEvent(new Event('input'));
            });
            fill(this.said, notice('good', h('p', {}, t('password_changed'))));
            this.changed(forced);
        }
    }
}

class SessionsCard {
    constructor(signal) {
        this.signal = signal;
        this.list = h('ul', { class: 'sessions' });
        this.said = h('div', { class: 'said', 'aria-live': 'polite' });
        this.others = h('button', {
            type: 'button', class: 'button quiet', hidden: true, onclick: () => this.endAll()
        }, t('end_others'));
        this.heading = h('h2', { id: 'sessions', tabindex: '-1' }, t('sessions'));
        this.element = h('section', { class: 'card', 'aria-labelledby': 'sessions' },
            this.heading, h('p', { class: 'aside' }, t('sessions_lead')), this.said, this.list,
            h('div', { class: 'buttons' }, this.others));
        fill(this.list, h('li', { class: 'aside' }, t('loading')));
    }

    row(one) {
        const name = one.label || t('device_unknown');
        const kind = t(`client_${one.client}`);

        return h('li', { class: one.current ? 'now' : null },
            h('div', { class: 'device' },
                h('p', { class: 'device-name' }, h('strong', {}, name),
                    name.includes(kind) ? null : h('span', { class: 'tag' }, kind),
                    one.current ? h('span', { class: 'tag tag-now' }, t('this_device')) : null),
                h('p', { class: 'aside' },
                    t('session_used', { time: showTime(one.last_seen) }), h('br'),
                    t('session_began', { time: showTime(one.created), address: one.address }))),
            one.current ? null : h('button', {
                type: 'button', class: 'button quiet', 'aria-label': t('end_one_of', { name }),
                onclick: () => this.act(() => endSessionOf(one.id), 'ended_one')
            }, t('end_one')));
    }

    async load() {
        try {
            const { sessions } = await getSessions(this.signal);
            const sorted = [...sessions].sort((a, b) => b.current - a.current || b.last_seen - a.last_seen);

            fill(this.list, sorted.map((one) => this.row(one)));
            this.others.hidden = sessions.length < 2;
        } catch (problem) {
            if (!this.signal.aborted) {
                fill(this.list, h('li', {}, notice('bad', listOf(problem.errors)),
                    h('button', {
                        type: 'button', class: 'button quiet', onclick: () => this.load()
                    }, t('retry'))));
            }
        }
    }

    /* Ends something, says so, and shows what is left. */
    async act(run, words) {
        fill(this.said);

        try {
            await run();
        } catch (problem) {
            if (problem.status !== 404) {   // it had ended by itself
                await promptProblem(problem);
                return;
            }
        }

        await this.load();

        if (!this.signal.aborted) {
            fill(this.said, notice('good', h('p', {}, t(words))));
            this.heading.focus();
        }
    }

    async endAll() {
        const pressed = await prompt({
            title: t('end_others'), body: h('p', {}, t('end_others_ask')),
            buttons: [['end', t('end_others')], ['', t('cancel')]]
        });

        if (pressed === 'end') {
            await this.act(endOthers, 'ended_others');
        }
    }
}

export async function accountPage(root, signal, enter) {
    const sessions = new SessionsCard(signal);
    const forced = session().password_expired;
    const password = new PasswordCard(signal, (was) => {
        if (was) {
            enter();
        } else {
            sessions.load();
        }
    });

    fill(root, h('div', { class: 'account' },
        h('div', { class: 'page-head' }, h('h1', { tabindex: '-1' }, t('account'))),
        forced ? notice('warn', h('h2', {}, t('password_must')), h('p', {}, t('password_must_more')))
            : null,
        password.element, sessions.element));
    await sessions.load();
}
