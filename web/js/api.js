/*
 * The HTTP interface.  The only module that calls fetch: every failure, of
 * the network, of nginx or of the service, leaves it as a Problem.  A page
 * over another location names it: <html data-api="/officer/api/">.
 * Depends on nothing.
 */

export const BASE = document.documentElement.dataset.api || '/api/';

const TIME_MS = 20000;

/* "answer" after each success, "expired" when the session is gone,
 * "password" when the password has to be changed before anything else. */
export const events = new EventTarget();

const CODES = {
    0: 'network', 400: 'request_malformed', 404: 'not_found',
    408: 'network', 413: 'body_size', 429: 'too_many_requests'
};

export class Problem extends Error {
    constructor(status, body = {}) {
        super(body.detail || body.code || `status ${status}`);
        this.status = status;
        this.code = body.code || CODES[status] || 'service_busy';
        this.errors = Array.isArray(body.errors) && body.errors.length
            ? body.errors
            : [{ code: this.code, detail: body.detail, detail_en: body.detail_en }];
        this.member = body.member;
        this.wait = 0;      // seconds until it is worth trying again
    }
}

function isJson(response) {
    return /^application\/(problem\+)?json\b/.test(response.headers.get('Content-Type') || '');
}

/* RFC 6266: the name in filename*, else in filename. */
function nameOf(response) {
    const header = response.headers.get('Content-Disposition') || '';
    const star = /filename\*=UTF-8''([^;]+)/i.exec(header);

    if (star) {
        try {
            return decodeURIComponent(star[1]);
        } catch {
            /* the plain name follows */
        }
    }

    const plain = /filename="([^"]+)"/i.exec(header);

    return plain ? plain[1] : '';
}

async function refusal(response) {
    const problem = new Problem(response.status, isJson(response) ? await response.json() : {});

    problem.wait = Number(response.headers.get('Retry-After')) || 0;

    return problem;
}

async function read(response, kind) {
    if (!response.ok) {
        throw await refusal(response);
    }

    if (kind === 'file') {
        return {
            name: nameOf(response),
            size: Number(response.headers.get('Content-Length')),
            blob: await response.blob()
        };
    }

    return response.status !== 204 && isJson(response) ? response.json() : null;
}

/* Asks for the password once more; answers whether it was given. */
let confirm = async () => false;

export function onConfirm(ask) {
    confirm = ask;
}

async function send(method, path, { headers, body, kind, signal } = {}) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIME_MS);

    signal?.addEventListener('abort', () => abort.abort());

    try {
        const response = await fetch(BASE + path, {
            method, headers, body, signal: abort.signal,
            credentials: 'same-origin', cache: 'no-store', redirect: 'error'
        });
        const date = Date.parse(response.headers.get('Date') || '');
        const answer = await read(response, kind);

        events.dispatchEvent(new CustomEvent('answer', { detail: { path, date } }));

        return answer;
    } catch (error) {
        const problem = error instanceof Problem ? error : new Problem(0);

        if (problem.code === 'session_expired') {
            events.dispatchEvent(new Event('expired'));
        } else if (problem.code === 'password_expired') {
            events.dispatchEvent(new Event('password'));
        }

        throw problem;
    } finally {
        clearTimeout(timer);
    }
}

/* What wants the password to have been given lately is repeated once after it was. */
export async function call(method, path, options) {
    try {
        return await send(method, path, options);
    } catch (problem) {
        if (problem.code !== 'reauth_needed' || !await confirm()) {
            throw problem;
        }

        return send(method, path, options);
    }
}

export function json(value, headers = {}) {
    return {
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(value)
    };
}

function jpeg(file, query) {
    return call('PUT', `photo${query}`, {
        headers: { 'Content-Type': 'image/jpeg' }, body: file
    });
}

export const getSite = () => call('GET', 'site');

export const logIn = (values) => call('POST', 'session', json({ ...values, client: 'web' }));
export const getSession = () => call('GET', 'session');
export const logOut = () => call('DELETE', 'session');
export const confirmSession = (password) => call('POST', 'session/confirm', json({ password }));
export const getSessions = (signal) => call('GET', 'sessions', { signal });
export const endSessionOf = (id) => call('DELETE', `sessions/${id}`);
export const endOthers = () => call('DELETE', 'sessions');
export const changePassword = (old, password) => call('POST', 'password', json({ old, password }));

export const getChallenge = (signal) => call('GET', 'captcha?kind=work', { signal });
export const askRecovery = (values) => call('POST', 'recovery', json({ ...values, client: 'web' }));
export const askActivation = (values) =>
    call('POST', 'activation', json({ ...values, client: 'web' }));
export const confirmRecovery = (values) => call('POST', 'recovery/confirm', json(values));

export const getMember = (signal) => call('GET', 'member', { signal });
export const saveMember = (revision, values) =>
    call('POST', 'member', json({ values }, { 'If-Match': `"${revision}"` }));
export const giveConsent = (document, version, accepted) =>
    call('POST', 'consent', json({ document, version, accepted }));

export const checkPhoto = (file) => jpeg(file, '?dry_run=1');
export const putPhoto = (file) => jpeg(file, '?declare=1');
export const getPhoto = (signal) => call('GET', 'photo', { kind: 'file', signal });
export const getPhotoState = (signal) => call('GET', 'photo/state', { signal });

export const getCertificate = (signal) => call('GET', 'certificate', { signal });
export const confirmCertificate = (version) => call('POST', 'certificate', json({ version }));
export const getCertificates = (signal) => call('GET', 'certificates', { signal });

/* "layout" is its name, or '' for the site's first. */
const laidOut = (path, layout) =>
    (layout ? `${path}?layout=${encodeURIComponent(layout)}` : path);

export const getPdf = (layout) =>
    call('GET', laidOut('certificate.pdf', layout), { kind: 'file' });
export const headPdf = (layout, signal) =>
    call('HEAD', laidOut('certificate.pdf', layout), { kind: 'file', signal });
export const getPreview = (layout, signal) =>
    call('GET', laidOut('certificate/preview', layout), { kind: 'file', signal });
