/*
 * Start of the officer's desk: words, what the institute set, the session,
 * then the page of the address.  Knows every page; no page knows this module.
 */

import { events, getSession } from '/js/api.js';
import { go, here, route, show } from '/js/router.js';
import { closeSession, endSession, resumeSession, session, warnBefore } from '/js/session.js';
import { loadSite, site } from '/js/site.js';
import { addWords, chooseLanguage, t, useLanguage } from '/js/text.js';
import { prompt } from '/js/widgets/dialog.js';
import { promptProblem } from '/js/widgets/problem.js';
import { clearDesk, ownDesk } from './desk.js';
import { drawFrame } from './frame.js';
import { loginNotice, loginPage } from './pages/login.js';
import { memberPage } from './pages/member.js';
import { reviewPage } from './pages/review.js';
import { searchPage } from './pages/search.js';
import en from './text-en.js';
import zh from './text-zh.js';

const HOME = 'queue';

let next = HOME;

const pages = {
    login: { page: (root, signal) => loginPage(root, signal, enter), title: 'login_lead', open: true },
    queue: { page: reviewPage, title: 'queue' },
    search: { page: searchPage, title: 'search' },
    member: { page: memberPage, title: 'member' }
};

/* After logging in: back to where the session ended, else to the queue. */
function enter() {
    const name = next;

    next = HOME;
    ownDesk(session().name);
    go(name);
}

function guard(name, row) {
    if (!row) {
        return session() ? HOME : 'login';
    }

    if (!row.open && !session()) {
        next = name;
        return 'login';
    }

    return name === 'login' && session() ? HOME : null;
}

async function leave() {
    try {
        await closeSession();
    } catch (problem) {
        if (problem.code !== 'session_expired') {
            await promptProblem(problem);
        }
    }

    clearDesk();
    next = HOME;
    loginNotice('good', t('logged_out'));
    go('login');
}

const handlers = {
    onLogOut: leave,
    async onLanguage(name) {
        useLanguage(name, true);
        await show();
        document.querySelector('.language').focus();
    }
};

events.addEventListener('expired', () => {
    const known = session();
    const name = here();

    endSession();

    if (!known) {
        return;
    }

    document.querySelectorAll('dialog').forEach((dialog) => dialog.close());
    loginNotice('warn', t('expired'), t('expired_more'));

    if (pages[name] && !pages[name].open) {
        next = name;
    }

    go('login');
});

warnBefore(async (final) => {
    const key = final ? 'ends_final' : 'ends_soon';

    await prompt({
        title: t(key), body: t(`${key}_more`),
        buttons: [['stay', t(final ? 'ok' : 'stay')]]
    });

    if (final) {
        return;
    }

    try {
        await getSession();
    } catch (problem) {
        if (problem.code !== 'session_expired') {
            promptProblem(problem);
        }
    }
});

async function resume() {
    try {
        await resumeSession();
        ownDesk(session()?.name);
    } catch (problem) {
        if (problem.code !== 'session_expired') {
            loginNotice('bad', t(problem.code === 'network' ? 'problem_network' : 'problem_service_busy'));
        }
    }
}

addWords({ zh, en });
chooseLanguage();
await Promise.all([loadSite(), resume()]);

await route(pages, guard, async (name, row) => {
    drawFrame(name, row, handlers);
    scrollTo(0, 0);

    if (!site().answered && (await loadSite()).answered) {
        show();
    }
});
