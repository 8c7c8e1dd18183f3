'use strict';

/* utils/api.js: what is asked again, what is not, and what each answer becomes. */

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { install, load, pause } = require('../lib/fake-wx.js');

const LOGIN = { token: 'T1', name: '林', member_no: '33***01', ends: 1 };

async function loggedIn(answer) {
    const fake = install(() => ({ status: 200, json: LOGIN }));
    const api = load('utils/api.js');

    await api.logIn({ member_no: '1', password: 'p' });
    fake.calls.length = 0;
    fake.answer = answer;

    return { api, fake };
}

const failure = (promise) => promise.then(() => assert.fail('it succeeded'), (problem) => problem);

/* Waiting between tries is not what these are about. */
function quick(t) {
    t.mock.method(global, 'setTimeout', (work) => setImmediate(work));
}

test('the token goes into Authorization, the device token with the next log-in', async () => {
    const fake = install(({ path }) => (path === 'session'
        ? { status: 200, json: { ...LOGIN, device: 'D1' } } : { status: 200, json: {} }));
    const api = load('utils/api.js');

    await api.logIn({ member_no: '1', password: 'p' });
    await api.getMember();
    assert.equal(fake.named('request')[1].header.Authorization, 'Bearer T1');
    await api.logIn({ member_no: '1', password: 'p' });
    assert.equal(JSON.parse(fake.named('request')[2].data).device, 'D1');
    assert.equal(JSON.parse(fake.named('request')[0].data).client, 'mini');
    assert.equal(fake.kept.get('session').token, 'T1');
});

test('reading is tried three times when the network fails, a save once', async (t) => {
    quick(t);

    const { api, fake } = await loggedIn(() => ({ error: 'ERR_CONNECTION_RESET' }));

    assert.equal((await failure(api.getMember())).code, 'network');
    assert.equal(fake.named('request').length, 3);
    fake.calls.length = 0;
    assert.equal((await failure(api.saveMember(3, { a: 'b' }))).code, 'network');
    assert.equal(fake.named('request').length, 1);
    assert.equal(fake.named('request')[0].header['If-Match'], '"3"');
    fake.calls.length = 0;
    await failure(api.confirmCertificate('v'));
    assert.equal(fake.named('request').length, 3, 'the same confirmation twice is one');
});

test('every status is looked at: success() is called for any', async () => {
    for (const [status, code] of [[400, 'request_malformed'], [404, 'not_found'], [413, 'body_size'],
        [429, 'too_many_requests'], [500, 'service_busy'], [418, 'service_busy']]) {
        const { api } = await loggedIn(() => ({ status, body: '<html>' }));
        const problem = await failure(api.getMember());

        assert.equal(problem.status, status);
        assert.equal(problem.code, code);
    }
});

test('the service\'s words are kept, all of them; ours stand where there are none', async () => {
    const errors = [{ code: 'photo_size', detail: '大' }, { code: 'photo_dpi', detail: '低', detail_en: 'low' }];
    const { api } = await loggedIn(() => ({ status: 422, json: { code: 'photo_size', errors } }));
    const { linesOf, Problem } = load('utils/problem.js');

    assert.deepEqual(linesOf(await failure(api.checkPhoto(new ArrayBuffer(2)))), ['大', '低']);
    assert.deepEqual(linesOf(new Problem(0)), ['网络连接失败，请检查网络后重试']);
});

test('a web page with 200 is no answer; neither is a list of nothing', async (t) => {
    quick(t);

    for (const body of ['<html>', '', 'null']) {
        const { api } = await loggedIn(() => ({ status: 200, body }));

        assert.equal((await failure(api.getMember())).code, 'garbage');
    }
});

test('time-out, and a host that is not in WeChat\'s list, have words of their own', async (t) => {
    quick(t);

    for (const [error, code] of [['timeout', 'timeout'], ['url not in domain list', 'domain'],
        ['errcode:-118 cronet_error_code:-118 error_msg:net::ERR_CONNECTION_TIMED_OUT', 'timeout']]) {
        const { api } = await loggedIn(() => ({ error }));

        assert.equal((await failure(api.getMember())).code, code, error);
    }
});

test('503 of the service with Retry-After is waited for; a photo that is not to be had is not', async (t) => {
    const waits = [];

    t.mock.method(global, 'setTimeout', (work, ms) => { waits.push(ms); setImmediate(work); });

    const { api, fake } = await loggedIn((request, n) => (n === 1
        ? { status: 503, json: { code: 'service_busy' }, header: { 'retry-after': '3' } } : { status: 200, json: { ok: 1 } }));

    assert.deepEqual(await api.getMember(), { ok: 1 });
    assert.deepEqual(waits, [3000]);
    fake.calls.length = 0;
    fake.answer = () => ({ status: 503, json: { code: 'photo_unavailable' } });
    assert.equal((await failure(api.getPhotoFile())).code, 'photo_unavailable');
    assert.equal(fake.named('downloadFile').length, 1);
});

test('I06 session_expired ends the session and is told once, however many ask', async () => {
    const { api, fake } = await loggedIn(() => ({ status: 401, json: { code: 'session_expired' } }));
    let told = 0;

    api.whenExpired(() => { told += 1; });
    await Promise.all([failure(api.getMember()), failure(api.getCertificate()), failure(api.getPhotoFile())]);
    assert.equal(told, 1);
    assert.equal(api.session(), null);
    assert.equal(fake.kept.has('session'), false);
});

test('I06 a late answer to an old token does not end the new session', async () => {
    let release;
    const { api, fake } = await loggedIn(() => new Promise((resolve) => { release = resolve; }));
    let told = 0;

    api.whenExpired(() => { told += 1; });

    const late = failure(api.getMember());

    await pause(5);

    const answerLate = release;

    fake.answer = () => ({ status: 200, json: { ...LOGIN, token: 'T2' } });
    await api.logIn({ member_no: '1', password: 'p' });
    answerLate({ status: 401, json: { code: 'session_expired' } });
    await late;
    assert.equal(told, 0);
    assert.equal(api.session().token, 'T2');
});

test('X04 password_expired leads to the password, the session stays', async () => {
    const { api } = await loggedIn(() => ({ status: 403, json: { code: 'password_expired' } }));
    let told = 0;

    api.whenDue(() => { told += 1; });
    await failure(api.getMember());
    assert.equal(told, 1);
    assert.equal(api.session().token, 'T1');
});

test('401 for a wrong password is no expired session', async () => {
    const { api } = await loggedIn(() => ({ status: 401, json: { code: 'login_failed' } }));
    let told = 0;

    api.whenExpired(() => { told += 1; });
    assert.equal((await failure(api.logIn({}))).code, 'login_failed');
    assert.equal(told, 0);
    assert.equal(api.session().token, 'T1');
});

test('what WeChat broke off in the background is asked again on return, not before', async () => {
    const { api, fake } = await loggedIn((request, n) => (n === 1
        ? { error: 'interrupted' } : { status: 200, json: { ok: 1 } }));

    api.programHidden();

    const answer = api.getMember();

    await pause(20);
    assert.equal(fake.named('request').length, 1);
    api.programShown();
    assert.deepEqual(await answer, { ok: 1 });
    assert.equal(fake.named('request').length, 2);
});

test('a refused download: the words stand in the file that was saved', async () => {
    const { api } = await loggedIn(() => ({
        status: 409, json: { code: 'confirm_again', errors: [{ code: 'confirm_again', detail: 'x' }] }
    }));
    const problem = await failure(api.getPdf('http://usr/a.pdf'));

    assert.equal(problem.status, 409);
    assert.equal(problem.code, 'confirm_again');
});

test('S17 a file that is no PDF, a photo that is no JPEG, is not taken for one', async (t) => {
    quick(t);

    const { api, fake } = await loggedIn(() => ({ status: 200, body: '<html>' }));

    assert.equal((await failure(api.getPdf('http://usr/a.pdf'))).code, 'garbage');
    assert.equal((await failure(api.getPhotoFile())).code, 'garbage');
    fake.answer = () => ({ status: 200, body: '%PDF-1.6' });
    assert.equal(await api.getPdf('http://usr/a.pdf'), 'http://usr/a.pdf');
});

test('a photo goes as raw bytes with its type, once', async () => {
    const { api, fake } = await loggedIn(() => ({ error: 'timeout' }));
    const bytes = Uint8Array.of(0xff, 0xd8).buffer;
    const problem = await failure(api.putPhoto(bytes));
    const [sent] = fake.named('request');

    assert.equal(fake.named('request').length, 1);
    assert.equal(problem.unsure, true);
    assert.equal(sent.method, 'PUT');
    assert.equal(sent.path, 'photo?declare=1');
    assert.equal(sent.data, bytes);
    assert.equal(sent.header['Content-Type'], 'image/jpeg');
});

test('S17 the name of the file: filename*, else filename, else none', async () => {
    for (const [header, name] of [
        ['attachment; filename="a.pdf"; filename*=UTF-8\'\'%E4%BC%9A.pdf', '会.pdf'],
        ['attachment; filename="a.pdf"; filename*=UTF-8\'\'%E4%ZZ', 'a.pdf'], ['', '']]) {
        const { api } = await loggedIn(() => ({
            status: 200, header: { 'Content-Disposition': header, 'Content-Length': '12' }
        }));

        assert.deepEqual(await api.headPdf(), { name, size: 12 });
    }
});

test('no address of anybody is asked where none is set', async () => {
    const fake = install();

    load('config.js').config.origin = '';
    assert.equal((await failure(load('utils/api.js').getSite())).code, 'origin_unset');
    assert.equal(fake.calls.length, 0);
});

test('a full storage does not keep anybody out', async () => {
    const fake = install(() => ({ status: 200, json: LOGIN }));

    global.wx.setStorageSync = () => { throw new Error('full'); };

    const api = load('utils/api.js');

    await api.logIn({ member_no: '1', password: 'p' });
    assert.equal(api.session().token, 'T1');
    assert.equal(fake.kept.size, 0);
});

test('I06 reauth_needed: the password is asked for, then the same is sent once more', async () => {
    let given = false;
    const needed = { status: 403, json: { code: 'reauth_needed', detail: '请先输入密码确认身份' } };
    const { api, fake } = await loggedIn(() => (given ? { status: 200, json: { revision: 4 } } : needed));
    let asked = 0;

    api.whenConfirmed(async () => { asked += 1; given = true; return true; });
    assert.deepEqual(await api.saveMember(3, { phone: '1' }), { revision: 4 });
    assert.equal(asked, 1);

    const [first, second, ...more] = fake.named('request');

    assert.deepEqual(more, []);
    assert.deepEqual([second.method, second.path, second.data, second.header], [first.method, first.path, first.data, first.header]);

    given = false;
    fake.calls.length = 0;
    await Promise.all([api.getMember(), api.getCertificate()]);
    assert.equal(asked, 2, 'two that need it ask once');
    assert.equal(fake.named('request').length, 4);
});

test('I06 reauth_needed: not given, or refused again, ends it; the confirmation itself asks nothing', async () => {
    const { api, fake } = await loggedIn(() => ({ status: 403, json: { code: 'reauth_needed' } }));
    let asked = 0;

    api.whenConfirmed(async () => { asked += 1; return false; });

    const declined = await failure(api.saveMember(3, {}));

    assert.deepEqual([declined.code, declined.declined, fake.named('request').length], ['reauth_needed', true, 1]);
    api.whenConfirmed(async () => { asked += 1; return true; });
    fake.calls.length = 0;

    const again = await failure(api.getPdf());

    assert.deepEqual([again.code, again.declined, fake.named('downloadFile').length], ['reauth_needed', false, 2]);
    await failure(api.confirmSession('p'));
    assert.equal(asked, 2);
    assert.deepEqual(JSON.parse(fake.named('request').at(-1).data), { password: 'p' });
});
