/*
 * Start: language, what the institute set, the session, then the page of
 * the address.  Knows every page; no page knows this module.
 */

import { events, getSession } from './api.js';
import { drawFrame } from './frame.js';
import { certificatePage } from './pages/certificate.js';
import { dropDraft, editPage } from './pages/edit.js';
import { helpPage, newcomerPage } from './pages/help.js';
import { loginPage, loginNotice } from './pages/login.js';
import { profilePage } from './pages/profile.js';
import { go, here, route, show } from './router.js';
import { closeSession, endSession, resumeSession, session, warnBefore } from './session.js';
import { loadSite, site } from './site.js';
import { chooseLanguage, t, useLanguage } from './text.js';
import { prompt } from './widgets/dialog.js';
import { promptProblem } from './widgets/problem.js';

const HOME = 'certificate';

let next = HOME;

const pages = {
    login: { page: (root, signal) => loginPage(root, signal, enter), title: 'login_lead', open: true },
    forgot: { page: helpPage, title: 'help_forgot', open: true },
    newcomer: { page: newcomerPage, title: 'newcomer', open: true },
    certificate: { page: certificatePage, title: 'certificate' },
    profile: { page: profilePage, title: 'profile' },
    edit: { page: editPage, title: 'edit' }
};

/* After logging in: back to where the session ended, else home. */
function enter() {
    const name = next;

    next = HOME;
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

warnBefore(async () => {
    await prompt({ title: t('ends_soon'), body: t('ends_soon_more'), buttons: [['stay', t('stay')]] });

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
