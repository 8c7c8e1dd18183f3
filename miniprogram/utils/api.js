/*
 * The HTTP interface.  The only module that calls wx.request and
 * wx.downloadFile.  "success" there means that something answered: the status
 * is looked at here, and every failure leaves as a Problem.
 *
 * What may be asked twice is asked again when the network failed; a request
 * WeChat broke off because the member left is asked again on return.
 * Depends on config.js, keep.js, problem.js.
 */

import { config } from '../config.js';
import { forget, keep, recall } from './keep.js';
import { Problem } from './problem.js';

const TIME_MS = 20000;
const FILE_TIME_MS = 60000;
const AGAIN_MS = [600, 1800];
const BUSY_MOST_S = 5;
const SECOND_MS = 1000;

let onExpired = () => {};
let onDue = () => {};
let askPassword = async () => false;
let asking = null;
let seen = Promise.resolve();
let show = () => {};
let hidden = false;

/* "handler" is told, once, that the session in use is over. */
export function whenExpired(handler) {
    onExpired = handler;
}

/* Another one, that the password has to be changed before anything else. */
export function whenDue(handler) {
    onDue = handler;
}

/*
 * "ask" gets the password confirmed and resolves to whether it was; what
 * answered reauth_needed is repeated once then.
 */
export function whenConfirmed(ask) {
    askPassword = ask;
}

/* --- the member leaves the program, and returns */

export function programHidden() {
    if (!hidden) {
        hidden = true;
        seen = new Promise((resolve) => { show = resolve; });
    }
}

export function programShown() {
    hidden = false;
    show();
}

/* --- the session: what log-in answered, kept on the phone */

export const session = () => recall('session');

export function beginSession(answer) {
    keep('session', {
        token: answer.token, name: answer.name, member_no: answer.member_no, ends: answer.ends
    });

    if (answer.device) {
        keep('device', answer.device);
    }
}

export function endSession() {
    forget('session');
}

/* --- requests */

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

const address = (path) => `${config.origin}${config.prefix}${path}`;

const tokenNow = () => (session() ? session().token : '');

function headers(own, token) {
    return { ...own, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
}

function networkProblem(message) {
    const words = String(message || '');
    const problem = new Problem(0, {}, /time(d.)?.?out/i.test(words) ? 'timeout'
        : /url not in domain list|invalid url/i.test(words) ? 'domain' : 'network');

    problem.broken = /interrupted/i.test(words);

    return problem;
}

const isObject = (data) => data !== null && typeof data === 'object'
    && !(data instanceof ArrayBuffer);

/* By any case: WeChat hands names on as the server or the platform has them. */
function headerOf(header, name) {
    const key = Object.keys(header || {}).find((one) => one.toLowerCase() === name);
    const value = key === undefined ? '' : header[key];

    return String(Array.isArray(value) ? value[0] : value);
}

function refusal(status, data, header, token) {
    const problem = new Problem(status, isObject(data) ? data : {});

    problem.retryAfter = problem.retryAfter || Number(headerOf(header, 'retry-after')) || 0;

    /* an answer to a token that is no longer ours says nothing of ours */
    if (problem.code === 'session_expired' && token && token === tokenNow()) {
        endSession();
        onExpired();
    } else if (problem.code === 'password_expired' && token === tokenNow()) {
        onDue();
    }

    return problem;
}

/**
 * @typedef {{ body?: any, header?: Record<string, string>, time?: number, again?: boolean }} Options
 * @returns {Promise<{ data: any, header: Record<string, any> }>}
 */
function once(method, path, /** @type {Options} */ { body, header, time = TIME_MS }) {
    const token = tokenNow();

    return new Promise((resolve, reject) => {
        wx.request({
            url: address(path), method, timeout: time,
            header: headers(header, token), data: body, dataType: 'json',
            success({ statusCode, data, header: given }) {
                if (statusCode === 204 || (method === 'HEAD' && statusCode === 200)) {
                    resolve({ data: null, header: given });
                } else if (statusCode >= 200 && statusCode < 300) {
                    if (isObject(data)) {
                        resolve({ data, header: given });
                    } else {
                        reject(new Problem(0, {}, 'garbage'));
                    }
                } else {
                    reject(refusal(statusCode, data, given, token));
                }
            },
            fail: ({ errMsg }) => reject(networkProblem(errMsg))
        });
    });
}

function mayAgain(problem, tried) {
    return tried < AGAIN_MS.length && (['network', 'timeout', 'garbage'].includes(problem.code)
        || (problem.code === 'service_busy' && problem.status === 503
            && problem.retryAfter <= BUSY_MOST_S)
        || problem.status === 502 || problem.status === 504);
}

/*
 * "work" until it succeeds; what may not be asked twice ("again" false) is
 * asked once.
 */
async function attempts(again, work) {
    for (let tried = 0; ;) {
        try {
            return await work();
        } catch (problem) {
            if (!again || !(problem instanceof Problem)) {
                throw problem;
            }

            if (problem.broken && hidden) {
                await seen;
            } else if (mayAgain(problem, tried)) {
                await pause(Math.max(AGAIN_MS[tried], problem.retryAfter * SECOND_MS));
                await seen;
                tried += 1;
            } else {
                throw problem;
            }
        }
    }
}

/* Who needs the password at the same time waits for the same answer. */
async function confirmed(work) {
    try {
        return await work();
    } catch (problem) {
        if (problem.code !== 'reauth_needed') {
            throw problem;
        }

        asking = asking || askPassword().finally(() => { asking = null; });

        if (!await asking) {
            problem.declined = true;
            throw problem;
        }

        return work();
    }
}

async function call(method, path, /** @type {Options} */ { again = false, ...options } = {}) {
    if (!config.origin) {
        throw new Problem(0, {}, 'origin_unset');
    }

    return confirmed(() => attempts(again, () => once(method, path, options)));
}

const get = async (path) => (await call('GET', path, { again: true })).data;

const json = (value, header = {}) => ({
    header: { 'Content-Type': 'application/json', ...header }, body: JSON.stringify(value)
});

async function post(path, value, /** @type {Options} */ { again = false, header } = {}) {
    return (await call('POST', path, { again, ...json(value, header) })).data;
}

/* --- files */

const files = () => wx.getFileSystemManager();

function readFile(path, encoding) {
    return new Promise((resolve, reject) => {
        files().readFile({
            filePath: path, ...(encoding ? { encoding } : {}),
            success: ({ data }) => resolve(data), fail: reject
        });
    });
}

/* A refusal is saved as a file too: its words stand in it. */
async function refusalIn(path, status, token) {
    let body = {};

    try {
        body = JSON.parse(await readFile(path, 'utf8'));
    } catch (error) {
        /* not ours: the status speaks */
    }

    return refusal(status, body, {}, token);
}

function downloadOnce(path, filePath) {
    const token = tokenNow();

    return new Promise((resolve, reject) => {
        wx.downloadFile({
            url: address(path), timeout: FILE_TIME_MS, header: headers({}, token),
            ...(filePath ? { filePath } : {}),
            success({ statusCode, tempFilePath, filePath: put }) {
                const file = put || tempFilePath;

                if (statusCode === 200) {
                    resolve(file);
                } else {
                    refusalIn(file, statusCode, token).then(reject, reject);
                }
            },
            fail: ({ errMsg }) => reject(networkProblem(errMsg))
        });
    });
}

async function starts(path, signature) {
    const bytes = new Uint8Array(await readFile(path));

    return [...signature].every((letter, i) => bytes[i] === letter.charCodeAt(0));
}

/* "signature": how a file of that kind begins; anything else is garbage. */
function download(path, signature, filePath) {
    return confirmed(() => attempts(true, async () => {
        const file = await downloadOnce(path, filePath);

        if (!await starts(file, signature)) {
            throw new Problem(0, {}, 'garbage');
        }

        return file;
    }));
}

/* RFC 6266: the name in filename*, else in filename. */
function nameOf(header) {
    const words = headerOf(header, 'content-disposition');
    const star = /filename\*=UTF-8''([^;]+)/i.exec(words);

    if (star) {
        try {
            return decodeURIComponent(star[1]);
        } catch (error) {
            /* the plain name follows */
        }
    }

    const plain = /filename="([^"]+)"/i.exec(words);

    return plain ? plain[1] : '';
}

async function putBytes(query, bytes) {
    const { data } = await call('PUT', `photo${query}`, {
        header: { 'Content-Type': 'image/jpeg' }, body: bytes, time: FILE_TIME_MS
    });

    return data;
}

/* --- the routes */

export const getSite = () => get('site');
export const getCaptcha = (kind) => get(`captcha?kind=${kind}`);

/* "values": user type, number, password, and the captcha where one is asked. */
export async function logIn(values) {
    const device = recall('device');
    const answer = await post('session', { ...values, client: 'mini', ...(device ? { device } : {}) });

    beginSession(answer);

    return answer;
}

export async function logOut() {
    try {
        await call('DELETE', 'session', { again: true });
    } finally {
        endSession();
    }
}

/* The password again, in the session that is; never repeated by itself. */
export const confirmSession = (password) => once('POST', 'session/confirm', json({ password }));

export const recover = (kind, values) => post(kind, { ...values, client: 'mini' });
export const confirmRecovery = (values) => post('recovery/confirm', values);

export async function changePassword(values) {
    const answer = await post('password', values);

    beginSession(answer);

    return answer;
}

export const getMember = () => get('member');
export const saveMember = (revision, values) =>
    post('member', { values }, { header: { 'If-Match': `"${revision}"` } });
export const giveConsent = (document, version, accepted) =>
    post('consent', { document, version, accepted }, { again: true });

export const checkPhoto = (bytes) => putBytes('?dry_run=1', bytes);
export const putPhoto = (bytes) => putBytes('?declare=1', bytes);
export const getPhotoFile = () => download('photo', '\xff\xd8');
export const getPhotoState = () => get('photo/state');

export const getCertificate = () => get('certificate');
export const confirmCertificate = (version) => post('certificate', { version }, { again: true });
export const getPdf = (filePath) => download('certificate.pdf', '%PDF-', filePath);

/* What the file is called, and its bytes in number. */
export async function headPdf() {
    const { header } = await call('HEAD', 'certificate.pdf', { again: true });

    return { name: nameOf(header), size: Number(headerOf(header, 'content-length')) || 0 };
}

/* The institute's notice, as a page of its site; plain text of it. */
export async function getNotice(url) {
    const path = /^https?:/.test(url) ? url : `${config.origin}${url}`;

    return attempts(true, () => new Promise((resolve, reject) => {
        wx.request({
            url: path, method: 'GET', timeout: TIME_MS, dataType: 'text',
            success({ statusCode, data }) {
                if (statusCode === 200 && typeof data === 'string') {
                    resolve(data);
                } else {
                    reject(new Problem(statusCode === 200 ? 0 : statusCode));
                }
            },
            fail: ({ errMsg }) => reject(networkProblem(errMsg))
        });
    }));
}

export { readFile };
