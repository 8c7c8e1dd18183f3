'use strict';

/* The small scripts under utils/: numbers, notices, names, proof, waiting, drafts. */

const assert = require('node:assert/strict');
const { createHash } = require('node:crypto');
const { test } = require('node:test');

const { install, load } = require('../lib/fake-wx.js');

test('S02 "010-88250337/0338" is two numbers; a text keeps what stands between', () => {
    install();

    const { numbers, textParts } = load('utils/phone.js');

    assert.deepEqual(numbers('010-88250337/0338').map((one) => one.digits), ['01088250337', '01088250338']);
    assert.deepEqual(numbers('+86 10 8825'), [{ shown: '+86 10 8825', digits: '+86108825' }]);
    assert.deepEqual(textParts('请拨 0571-88250337，谢谢'), [
        { shown: '请拨 ', digits: '' }, { shown: '0571-88250337', digits: '057188250337' }, { shown: '，谢谢', digits: '' }
    ]);
    assert.deepEqual(textParts(''), []);
    assert.deepEqual(textParts(undefined), []);
    assert.deepEqual(textParts('2026-11-23'), [{ shown: '2026-11-23', digits: '' }]);
});

test('a notice of the site as paragraphs: of <main>, no scripts, no way back', () => {
    install();

    const { noticeParts } = load('utils/notice.js');
    const parts = noticeParts('<html><p>头</p><main id=x><!-- <p>no</p> --><h1>题&amp;目</h1><script>a("<p>x</p>")</script>'
        + '<p class="a">一 <b>二</b>&#x4e09;</p><ul><li>甲</li></ul><p><a href="/">返回</a></p></main><p>尾</p></html>');

    assert.deepEqual(parts, [{ kind: 'title', text: '题&目' }, { kind: 'text', text: '一 二三' }, { kind: 'item', text: '甲' }]);
    assert.deepEqual(noticeParts('no page at all'), []);
    assert.equal(noticeParts(`<p>${'<p>'.repeat(5000)}x</p>`).length, 1);
    assert.equal(noticeParts('<p>a</p>'.repeat(5000)).length, 400);
});

test('a file gets a name every phone takes', () => {
    install();

    const { safeName } = load('utils/file.js');

    assert.equal(safeName('会员证-阿依古丽·𠮷䶮.pdf', 'x'), '会员证-阿依古丽·𠮷䶮.pdf');
    assert.equal(safeName('../../a/b.pdf', 'x'), '_.._a_b.pdf');
    assert.equal(safeName('', 'membercert.pdf'), 'membercert.pdf');
});

test('S09 the proof is what the service asks for, and stops when told', async () => {
    install();

    const { solve } = load('utils/work.js');

    for (const length of [1, 22, 54, 55, 63, 64, 150, 200]) {
        const id = 'k'.repeat(length);
        const shares = [];
        const answer = await solve(id, 10, {}, (share) => shares.push(share));
        const digest = createHash('sha256').update(`${id}:${answer}`).digest();

        assert.equal(digest.readUInt16BE() >> 6, 0, `${length}: ${digest.toString('hex')}`);
        assert.match(answer, /^\d{1,20}$/);
        assert.ok(shares.every((share) => share >= 0 && share <= 1));
    }

    const control = { stopped: false };
    const never = solve('x', 250, control);

    setTimeout(() => { control.stopped = true; }, 60);
    assert.equal(await never, null);
});

test('a draft is given once, to its owner only', () => {
    install();

    const { dropDrafts, putDraft, takeDraft } = load('utils/draft.js');

    putDraft('profile', 'a', 1);
    assert.equal(takeDraft('profile', 'b'), null);
    assert.equal(takeDraft('profile', 'a'), null, 'the stranger dropped it');
    putDraft('profile', 'a', 2);
    assert.equal(takeDraft('profile', 'a'), 2);
    assert.equal(takeDraft('profile', 'a'), null);
    putDraft('profile', 'a', 3);
    dropDrafts();
    assert.equal(takeDraft('profile', 'a'), null);
});

/* A clock in hand: timers run when their time is passed to. */
function clock(t) {
    const due = new Map();
    let [now, count] = [0, 0];

    t.mock.method(global, 'setTimeout', (work, ms) => {
        due.set(count += 1, { at: now + ms, work });

        return count;
    });
    t.mock.method(global, 'clearTimeout', (id) => due.delete(id));

    return async (ms) => {
        for (const end = now + ms; now < end;) {
            now += 250;

            for (const [id, { at, work }] of due) {
                if (at <= now) {
                    due.delete(id);
                    work();
                }
            }

            for (let i = 0; i < 8; i += 1) {
                await Promise.resolve();
            }
        }
    };
}

function watched(states) {
    let n = 0;
    const fake = install(() => ({ status: 200, json: states[Math.min(n++, states.length - 1)] }));
    const { Watch } = load('utils/wait.js');
    const seen = { changes: [], tired: 0 };
    const watch = new Watch((now) => seen.changes.push(now.state), () => { seen.tired += 1; });

    return { asked: () => fake.named('request').length, seen, watch };
}

const state = (name, at = 1) => ({ state: name, at });

test('S24 a comparison is asked after until it has a result', async (t) => {
    const pass = clock(t);
    const { asked, seen, watch } = watched([state('pending'), state('pending'), state('matched')]);

    watch.start(state('pending'));
    await pass(60000);
    assert.deepEqual(seen.changes, ['matched']);
    assert.equal(asked(), 3);
});

test('S24 ten minutes in the background: nothing is asked, and at once on return', async (t) => {
    const pass = clock(t);
    const { asked, seen, watch } = watched([state('review'), state('mismatched', 2)]);

    watch.start(state('review'));
    await pass(6000);
    assert.equal(asked(), 1);
    watch.hide();
    await pass(600000);
    assert.equal(asked(), 1);
    watch.show();
    await pass(250);
    assert.deepEqual(seen.changes, ['mismatched']);
});

test('S24 no result in all that time: it says so and ends, no spinner without end', async (t) => {
    const pass = clock(t);
    const { asked, seen, watch } = watched([state('pending')]);

    watch.start(state('pending'));
    await pass(300000);
    assert.equal(seen.tired, 1);

    const count = asked();

    await pass(300000);
    assert.equal(asked(), count);
    watch.hide();
    watch.show();
    await pass(60000);
    assert.equal(asked(), count);
});

test('S24 nothing is waited for where nothing runs, nor after the page was left', async (t) => {
    const pass = clock(t);
    const { asked, watch } = watched([state('matched')]);

    watch.start(state('matched'));
    await pass(60000);
    assert.equal(asked(), 0);
    watch.start(state('pending'));
    watch.stop();
    await pass(60000);
    assert.equal(asked(), 0);
});

test('S25 S26 a result is prompted once', () => {
    install();

    const { resultPrompt } = load('utils/photo-state.js');
    const failed = { state: 'mismatched', at: 7, attempts: 1, most: 5, may_upload: true, contact: 'c', reason: '', reason_en: '' };

    assert.equal(resultPrompt({ state: 'review', at: 1 }), null);
    assert.match(resultPrompt(failed).lines[0], /第 1 次，共 5 次/);
    assert.equal(resultPrompt(failed), null);
    assert.match(resultPrompt({ ...failed, at: 8, may_upload: false }).lines[0], /已上传 5 次，请联系所属注协现场核验：c/);
    assert.equal(resultPrompt({ state: 'matched', at: 9 }).heading, '比对成功');
});
