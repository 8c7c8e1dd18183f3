/*
 * Start of the officer's desk: words, what the institute set, the session,
 * then the page of the address.  Knows every page; no page knows this module.
 */

import { events, logOut } from '/js/api.js';
import { go, here, route, show } from '/js/router.js';
import {
    closeSession, endSession, resumeSession, session, sessionEvents
} from '/js/session.js';
import { loadSite, site } from '/js/site.js';
import { addWords, chooseLanguage, t, useLanguage } from '/js/text.js';
import { watchEnding } from '/js/widgets/ending.js';
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

/* The session is over, whatever ended it: to the log-in, and back after it. */
function over(words) {
    const name = here();

    endSession();
    document.querySelectorAll('dialog').forEach((dialog) => dialog.close());
    loginNotice('warn', words, t('expired_more'));

    if (pages[name] && !pages[name].open) {
        next = name;
    }

    go('login');
}

events.addEventListener('expired', () => {
    if (session()) {
        over(t('expired'));
    }
});

watchEnding({
    leave,
    over() {
        over(t('expired'));
        logOut().catch(() => {});   // surely, whatever the service's clock says
    }
});

sessionEvents.addEventListener('gone', ({ detail: { other } }) => {
    if (other) {
        location.reload();
    } else {
        over(t('ended'));
    }
});

sessionEvents.addEventListener('came', async () => {
    await resume();

    if (session() && here() === 'login') {
        enter();
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
