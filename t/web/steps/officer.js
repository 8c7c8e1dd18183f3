'use strict';

/* The officer's desk: log-in, the queue by keyboard, what happens meanwhile. */

const { PASSWORD } = require('../lib/browser.js');
const { Desk, totp } = require('../lib/desk.js');
const { proof } = require('../lib/proof.js');

const HERE = ['--institute', '33'];
const PEOPLE = [
    ['330000090001', '甲子安', '33', '2019-01-01'], ['330000090002', '乙丑宁', '33', '2019-01-02'],
    ['330000090003', '丙寅清', '33', '2019-01-03'], ['330000090004', '丁卯明', '33', '2019-01-04'],
    ['330000090005', '戊辰和', '33', '2019-01-05'], ['330000090006', '己巳平', '33', '2019-01-06'],
    ['310000090007', '庚午远', '31', '2019-01-07']
];

const names = ({ page }) => page.locator('.queue-name').evaluateAll((all) =>
    all.map((one) => one.firstChild.textContent));
const inHand = ({ page }) => page.locator('h1').innerText();

/* The requests that change something, from now on. */
function watch({ page }) {
    const sent = [];

    page.on('request', (request) => {
        if (request.method() !== 'GET') {
            sent.push({ path: new URL(request.url()).pathname, body: request.postDataJSON() });
        }
    });

    return sent;
}

module.exports = async ({ assert, browser, demo, test }) => {
    const desk = new Desk(demo, browser);
    const photos = {};
    let officer;
    let page;

    desk.people(PEOPLE);

    for (const [i, [number]] of PEOPLE.entries()) {
        photos[number] = await desk.upload(number, demo.portrait(40 + i));
    }

    await test('I11 the desk asks for name, password and one-time code; one answer for each mistake',
        async () => {
            const account = desk.officer(...HERE);

            officer = await desk.visit();
            page = officer.page;
            assert.equal(await page.getByLabel('动态验证码').getAttribute('autocomplete'), 'one-time-code');
            assert.match(await officer.text('h1'), /照片核验工作台/);
            assert.match(await officer.text('#footer'), /咨询电话：010-88250337\/0338/);
            await officer.shot('desk-login');

            const said = [];

            for (const change of [{ password: 'wrong' }, { code: totp(account.secret, 40) }]) {
                await desk.logIn(officer, account, change);
                await page.waitForFunction(() => document.querySelector('.notice.bad')
                    && !document.querySelector('[type=submit]').disabled);
                said.push(await officer.text('.said'));
                assert.equal(await page.getByLabel('动态验证码').inputValue(), '');
            }

            assert.equal(said[0], said[1]);
            assert.match(said[0], /010-88250337/);
            await desk.logIn(officer, account, { code: ` ${totp(account.secret)} ` });
            await desk.ready(officer);
            assert.match(await officer.text('#header'), new RegExp(`${account.name}[^]*浙江省注册会计师协会`));
        });

    await test('I11 the queue has the own institute\'s photos, oldest first, and no others', async () => {
        assert.deepEqual((await names(officer)).slice(-6),
            ['甲子安', '乙丑宁', '丙寅清', '丁卯明', '戊辰和', '己巳平']);
        assert.ok(!(await names(officer)).includes('庚午远'));

        const other = await page.evaluate(async (id) => Promise.all(
            [`case/${id}`, 'case/999999', `photo/${id}`, 'photo/999999'].map(async (one) => {
                const answer = await fetch(`/officer/api/${one}`);
                const { instance, ...body } = await answer.json();

                return [answer.status, body];
            })), photos['310000090007']);

        assert.deepEqual(other[0], other[1]);
        assert.deepEqual(other[2], other[3]);
        assert.deepEqual(other.map(([status]) => status), [404, 404, 404, 404]);
    });

    await test('I11 the upload stands enlarged beside what it is compared with, with why it is here',
        async () => {
            await page.locator(`[data-photo="${photos['330000090001']}"]`).click();
            await desk.ready(officer);
            assert.equal(await inHand(officer), '甲子安');

            const box = await page.locator('.face-upload img').boundingBox();

            assert.ok(box.width >= 300 && Math.abs(box.height / box.width - 220 / 178) < 0.03);
            assert.match(await officer.text('.face-other'), /没有可供比对的照片/);
            assert.match(await officer.text('.facts'), /为何在此[^]*人工核验[^]*自动比对[^]*未进行/);
            assert.match(await officer.text('.facts'), /0 次，共 5 次机会[^]*已声明/);
            assert.match(await officer.text('.facts'), /这是第一次上传/);
            assert.match(await officer.text('.legend'), /A[^]*通过[^]*R[^]*不通过[^]*J[^]*下一件/);
        });

    await test('I11 what provider and content checks said is shown; C changes the photo beside', async () => {
        const other = await browser.member();

        await other.context.route('**/officer/api/case/*', async (route) => {
            const answer = await route.fetch();
            const { member, ...view } = await answer.json();

            await route.fulfill({ response: answer, json: {
                ...view, reason: '自动比对不能确定', reason_en: 'unsure',
                provider: { name: 'model-2', result: 'unsure', score: 7125 },
                warnings: [{ code: 'photo_low_quality', detail: '照片压缩过度（质量 42，建议不低于 50）' }],
                member: {
                    ...member, current_photo_id: photos['330000090002'],
                    reference_photo_id: photos['330000090003']
                }
            } });
        });
        await other.page.goto(`${demo.url}/officer/`);
        await desk.logIn(other, desk.officer(...HERE));
        await other.page.locator('.queue-item', { hasText: '甲子安' }).click();
        await other.page.locator('.queue-item[aria-current]', { hasText: '甲子安' }).waitFor();
        await desk.ready(other);
        assert.match(await other.text('.facts'),
            /自动比对不能确定[^]*无法确定 · 相似度 0\.713[^]*质量 42，建议不低于 50/);

        const shown = () => other.text('.face-other figcaption');

        assert.match(await shown(), /^留存照片[^]*现用照片/);
        await other.page.keyboard.press('c');
        await other.page.waitForFunction(() => /^现用照片/.test(
            document.querySelector('.face-other figcaption').innerText));
        await other.shot('desk-facts', false);
        await other.leave();
    });

    await test('I11 one key and one request approve; the next photo is there', async () => {
        const sent = watch(officer);

        await desk.decide(officer, 'a');
        assert.deepEqual(sent, [{
            path: `/officer/api/case/${photos['330000090001']}`, body: { decision: 'approve' }
        }]);
        assert.match(await officer.text('.outcome'), /已通过：甲子安/);
        assert.equal(await inHand(officer), '乙丑宁');
        assert.ok(!demo.waitingPhotos().includes(String(photos['330000090001'])));
        page.removeAllListeners('request');
    });

    await test('S26 S32 two keys and one request reject, with a reason of the list', async () => {
        const sent = watch(officer);

        await page.keyboard.press('r');
        await page.locator('.reason').first().waitFor();
        assert.match(await officer.text('.reasons'), /生活照/);
        assert.match(await officer.text('.reasons'), /会员将看到这一原因/);
        await officer.shot('desk-reject', false);

        const reason = await page.locator('.reason').nth(1).getAttribute('data-reason');

        await desk.decide(officer, '2');
        assert.deepEqual(sent, [{
            path: `/officer/api/case/${photos['330000090002']}`, body: { decision: 'reject', reason }
        }]);
        assert.match(await officer.text('.outcome'), /未通过：乙丑宁（第 1 次，共 5 次）/);
        page.removeAllListeners('request');
    });

    await test('S26 own words need words; the member reads them', async () => {
        await page.keyboard.press('r');
        await page.locator('[data-reason=other]').click();
        await page.keyboard.press('Enter');
        assert.match(await officer.text('.reasons'), /请填写原因/);
        await page.keyboard.type('ajk 眼镜反光');
        await desk.decide(officer, 'Enter');
        assert.match(await officer.text('.outcome'), /未通过：丙寅清/);

        const member = await browser.member();

        await member.enter('330000090003');
        await member.dialog().waitFor();
        assert.match(await member.text('dialog[open]'), /比对失败[^]*ajk 眼镜反光/);
        await member.leave();
    });

    await test('I11 a key pressed twice or held does not decide a photo that was not seen', async () => {
        const sent = watch(officer);

        assert.equal(await inHand(officer), '丁卯明');
        await page.keyboard.down('j');
        await page.keyboard.down('a');
        await page.keyboard.down('a');
        await page.keyboard.up('a');
        await page.keyboard.up('j');
        await desk.ready(officer);
        assert.equal(await inHand(officer), '戊辰和');
        await page.keyboard.press('Control+a');
        assert.deepEqual(sent, []);
        await page.keyboard.press('k');
        await desk.ready(officer);
        assert.equal(await inHand(officer), '丁卯明');
        page.removeAllListeners('request');
    });

    await test('I11 Esc takes a begun rejection back; without shortcuts no key decides', async () => {
        await page.keyboard.press('r');
        await page.keyboard.press('a');
        await page.keyboard.press('Escape');
        assert.equal(await inHand(officer), '丁卯明');
        assert.equal(await page.locator('.reasons').isVisible(), false);
        await page.getByLabel('使用快捷键').uncheck();
        await page.locator('h1').focus();
        await page.keyboard.press('r');
        assert.equal(await page.locator('.reasons').isVisible(), false);
        await page.getByLabel('使用快捷键').check();
    });

    await test('I11 a photo replaced meanwhile: says so, shows the new one, decides nothing', async () => {
        const old = photos['330000090004'];

        photos['330000090004'] = await desk.upload('330000090004', demo.portrait(60));
        await desk.decide(officer, 'a');
        assert.match(await officer.text('.said'), /会员已更换照片，以下是新照片/);
        assert.equal(await inHand(officer), '丁卯明');
        assert.equal(await page.locator('.queue-item[aria-current]').getAttribute('data-photo'),
            String(photos['330000090004']));
        assert.equal(await page.locator(`[data-photo="${old}"]`).count(), 0);
        assert.ok(demo.waitingPhotos().includes(String(photos['330000090004'])));
        await officer.shot('desk-replaced', false);
        await desk.decide(officer, 'a');
        assert.match(await officer.text('.outcome'), /已通过：丁卯明/);
    });

    await test('I11 a photo somebody else has decided: says so and goes on', async () => {
        assert.equal(await inHand(officer), '戊辰和');
        demo.ctl('photo', 'reject', String(photos['330000090005']));
        await desk.decide(officer, 'a');
        assert.match(await officer.text('.said'), /戊辰和 的这张照片已有处理结果/);
    });

    await test('I11 an empty queue says so; new photos come with 刷新', async () => {
        while (!await page.locator('.case.empty').count()) {
            const before = await page.locator('.queue-item').count();

            await page.keyboard.press('a');
            await page.waitForFunction((n) => document.querySelectorAll('.queue-item').length < n, before);
            await desk.ready(officer);
        }

        assert.match(await officer.text('.case'), /没有待核验的照片/);
        await officer.shot('desk-empty', false);
        await desk.upload('330000090002', demo.portrait(61));
        await page.keyboard.press('g');
        await page.locator('.queue-item').waitFor();
        await desk.ready(officer);
        assert.equal(await inHand(officer), '乙丑宁');
        assert.match(await officer.text('.facts'), /1 次，共 5 次机会/);
        assert.match(await officer.text('.past'), /未通过/);
    });

    await test('I11 a session that ended asks for the log-in and goes on; 退出 ends it', async () => {
        await page.keyboard.press('/');
        await page.getByRole('heading', { name: '会员查询', level: 1 }).waitFor();
        await officer.context.clearCookies();
        await page.getByRole('link', { name: '待核验' }).click();
        await page.locator('.notice.warn').waitFor();
        assert.match(await officer.text('.notice.warn'), /登录已过期/);
        await desk.logIn(officer, desk.officer(...HERE));
        await desk.ready(officer);
        await page.locator('#log-out').click();
        await page.locator('.notice.good').waitFor();
        assert.equal((await page.request.get(`${demo.url}/officer/api/session`)).status(), 401);
        await officer.leave();
    });

    await test('I11 before the session ends the desk says so, and 继续使用 keeps it', async () => {
        const other = await desk.visit();

        await other.page.clock.install();
        await desk.logIn(other, desk.officer(...HERE));
        await other.page.clock.runFor(1000);
        await desk.ready(other);
        await other.page.clock.fastForward(13 * 60000);
        await other.dialog().waitFor();
        assert.match(await other.text('dialog[open]'), /登录即将过期/);

        const [answer] = await Promise.all([
            other.page.waitForResponse((one) => one.url().endsWith('/officer/api/session')),
            other.pressInDialog('继续使用')
        ]);

        assert.equal(answer.status(), 200);
        await other.leave();
    });

    await test('I11 a member\'s log-in opens no desk, an officer\'s no member page', async () => {
        const member = await browser.member();

        await member.enter('330000090006');
        assert.equal((await member.page.request.get(`${demo.url}/officer/api/queue`)).status(), 401);
        await member.leave();

        const account = desk.officer(...HERE);
        const answer = await fetch(`${demo.url}/api/session`, {
            method: 'POST', headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({
                user_type: 'nonpractising', member_no: account.name, password: PASSWORD, client: 'mini',
                captcha: await proof(demo.url)
            })
        });

        assert.equal(answer.status, 401);
    });
};
