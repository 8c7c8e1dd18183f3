/*
 * Start: language, what the institute set, the session, then the page of
 * the address.  Knows every page; no page knows this module.
 */

import { events, logOut, onConfirm } from './api.js';
import { drawFrame } from './frame.js';
import { accountPage } from './pages/account.js';
import { certificatePage } from './pages/certificate.js';
import { codePage, instituteCodePage } from './pages/code.js';
import { dropDraft, editPage } from './pages/edit.js';
import { helpPage, newcomerPage } from './pages/help.js';
import { identifyPage } from './pages/identify.js';
import { loginPage, loginNotice } from './pages/login.js';
import { profilePage } from './pages/profile.js';
import { dropRecovery } from './recovery.js';
import { go, here, route, show } from './router.js';
import { closeSession, endSession, resumeSession, session, sessionEvents } from './session.js';
import { loadSite, site } from './site.js';
import { chooseLanguage, t, useLanguage } from './text.js';
import { askPassword } from './widgets/confirm.js';
import { watchEnding } from './widgets/ending.js';
import { promptProblem } from './widgets/problem.js';

const HOME = 'certificate';

let next = HOME;

/* Without a way to send codes: whom to call. */
const ifCodes = (page, otherwise) => (...all) => (site().recovery ? page : otherwise)(...all);

const pages = {
    login: { page: (root, signal) => loginPage(root, signal, enter), title: 'login_lead', open: true },
    forgot: {
        page: ifCodes((...all) => identifyPage('recovery', ...all), helpPage),
        title: 'forgot', open: true
    },
    newcomer: {
        page: ifCodes((...all) => identifyPage('activation', ...all), newcomerPage),
        title: 'newcomer', open: true
    },
    code: { page: ifCodes(codePage, helpPage), title: 'choose_password', open: true },
    'institute-code': { page: instituteCodePage, title: 'choose_password', open: true },
    certificate: { page: certificatePage, title: 'certificate' },
    profile: { page: profilePage, title: 'profile' },
    edit: { page: editPage, title: 'edit' },
    account: { page: (root, signal) => accountPage(root, signal, enter), title: 'account' }
};

/* After logging in: back to where the session ended, else home. */
function enter() {
    const name = next;

    next = HOME;
    dropRecovery();
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

    if (!row.open && name !== 'account' && session().password_expired) {
        next = name;
        return 'account';
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

    dropDraft();
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

const closeDialogs = () => document.querySelectorAll('dialog').forEach((one) => one.close());

/* The session is over, whatever ended it: to the log-in, and back after it. */
function over(words) {
    const name = here();

    endSession();
    closeDialogs();
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

events.addEventListener('password', () => {
    if (session()) {
        session().password_expired = true;
        next = here();
        closeDialogs();
        go('account');
    }
});

onConfirm(askPassword);

watchEnding({
    leave,
    over() {
        over(t('expired'));
        logOut().catch(() => {});   // surely, whatever the service's clock says
    }
});

/* Another tab: somebody else's pages must not stay, ours need a log-in. */
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
    } catch (problem) {
        if (problem.code !== 'session_expired') {
            loginNotice('bad', t(problem.code === 'network' ? 'problem_network' : 'problem_service_busy'));
        }
    }
}

function shown(name, row) {
    drawFrame(name, row, handlers);
    scrollTo(0, 0);
}

chooseLanguage();
await Promise.all([loadSite(), resume()]);

/* A site without the institute's answer looks for it again on each page. */
await route(pages, guard, async (name, row) => {
    shown(name, row);

    if (!site().answered && (await loadSite()).answered) {
        show();
    }
});
