'use strict';

/*
 * 账号安全: the password changed, where the account is open, who must change
 * first; the check against machines at the log-in; the end of a session.
 */

const { PASSWORD } = require('../lib/browser.js');
const { Desk } = require('../lib/desk.js');

const NUMBER = '330000095001';
const PEOPLE = [[NUMBER, '闻人静', '33', '2020-02-02'], ['330000095002', '司徒远', '33', '2020-02-03'],
    ['330000095003', '上官云', '33', '2020-02-04'], ['330000095004', '端木青', '33', '2020-02-05'],
    ['330000095005', '公孙白', '33', '2020-02-06']];
const FIRST = '林间小径 lantern 七号';
const MINUTE_MS = 60000;

module.exports = async ({ assert, browser, demo, test }) => {
    const desk = new Desk(demo, browser);
    const old = (page) => page.getByLabel('原密码', { exact: true });
    const fresh = (page) => page.getByLabel('新密码', { exact: true });
    const change = (page) => page.getByRole('button', { name: '修改密码' });
    const fault = (member, key) => member.text(`[data-key=${key}] .error`);

    async function toAccount(member) {
        await member.menu('账号安全').click();
        await member.page.locator('.sessions .device').first().waitFor();
    }

    desk.people(PEOPLE);

    await test('I06 a changed password ends the other browser\'s session, and says so here', async () => {
        const [one, other] = [await browser.member(), await browser.member()];

        await one.enter(NUMBER);
        await other.enter(NUMBER);
        await toAccount(one);
        assert.equal(await one.page.locator('.sessions .device').count(), 2);
        await old(one.page).fill(PASSWORD);
        await fresh(one.page).fill(FIRST);
        await change(one.page).click();
        await one.page.locator('.said .notice.good').waitFor();
        assert.match(await one.text('.said:not(:empty)'), /密码已修改，其他设备上的登录已全部退出/);
        assert.equal(await old(one.page).inputValue(), '');
        await one.page.waitForFunction(() => document.querySelectorAll('.sessions .device').length === 1);
        await other.menu('基本信息').click();
        await other.page.locator('.login-card .notice.warn').waitFor();
        assert.match(await other.text('.notice.warn'), /登录已过期，请重新登录/);
        await one.menu('基本信息').click();
        await one.page.getByRole('heading', { name: '基本信息', level: 1 }).waitFor();
        await other.page.getByLabel('会员编号').fill(NUMBER);
        await other.page.getByLabel('密码', { exact: true }).fill(PASSWORD);
        await other.page.keyboard.press('Enter');
        await other.page.locator('.notice.bad').waitFor();
        await one.leave();
        await other.leave();
    });

    await test('each fault of a new password stands beside it; what was typed stays', async () => {
        const member = await browser.member();
        const { page } = member;

        await member.enter(NUMBER, { password: FIRST });
        await toAccount(member);
        await change(page).click();
        assert.match(await fault(member, 'old'), /请填写原密码/);
        await old(page).fill('something else');
        await fresh(page).fill('short');
        await change(page).click();
        assert.match(await fault(member, 'password'), /至少 10 个字符/);
        await fresh(page).fill('harbour velvet nine');
        await change(page).click();
        await page.locator('[data-key=old] .error:not(:empty)').waitFor();
        assert.match(await fault(member, 'old'), /原密码错误/);
        assert.equal(await old(page).inputValue(), 'something else');
        assert.equal(await fresh(page).inputValue(), 'harbour velvet nine');
        await old(page).fill(FIRST);
        await fresh(page).fill('password123456');
        await change(page).click();
        await page.locator('[data-key=password] .error:not(:empty)').waitFor();
        assert.match(await fault(member, 'password'), /过于常见/);
        await member.shot('account-refused');
        await fresh(page).fill(`a${NUMBER}b`);
        await change(page).click();
        await page.locator('[data-key=password] .error', { hasText: '会员编号' }).waitFor();
        await member.leave();
    });

    await test('the strength is shown while typing, and read aloud when it pauses', async () => {
        const member = await browser.member();
        const { page } = member;
        const level = () => page.locator('.meter').getAttribute('data-level');

        await member.enter(NUMBER, { password: FIRST });
        await toAccount(member);
        assert.equal(await level(), '0');
        await fresh(page).pressSequentially('1234567890');
        assert.equal(await level(), '1');
        await page.locator('.password-rules .met').waitFor();
        await fresh(page).fill('green harbour velvet nine');
        assert.equal(await level(), '4');
        await page.getByRole('status').filter({ hasText: '密码强度：强' }).waitFor();
        assert.equal(await fresh(page).getAttribute('autocomplete'), 'new-password');
        assert.equal(await old(page).getAttribute('autocomplete'), 'current-password');
        await page.locator('[data-key=password]').getByRole('button', { name: '显示密码' }).click();
        assert.equal(await fresh(page).getAttribute('type'), 'text');
        await member.leave();
    });

    await test('where the account is open: one is ended, then all others', async () => {
        const all = [];

        for (let i = 0; i < 4; i += 1) {
            all.push(await browser.member({ width: i ? 1280 : 390 }));
            await all[i].enter(NUMBER, { password: FIRST });
        }

        const [me, ...others] = all;
        const { page } = me;
        const rows = page.locator('.sessions li');
        const count = (n) => page.waitForFunction((want) =>
            document.querySelectorAll('.sessions .device').length === want, n);

        await toAccount(me);
        await count(await rows.count());
        await me.shot('account');

        const before = await rows.count();

        assert.ok(before >= 4);
        assert.match(await rows.first().innerText(), /当前设备/);
        assert.match(await rows.first().innerText(), /Chrom[^]*网页[^]*来自 127\.0\.0\.1/);
        assert.equal(await rows.first().getByRole('button').count(), 0);
        await rows.nth(1).getByRole('button').click();
        await page.locator('.said .notice.good').waitFor();
        await count(before - 1);

        const status = (one) => one.page.request.get(`${demo.url}/api/session`).then((answer) => answer.status());

        assert.equal((await Promise.all(others.map(status))).filter((one) => one === 401).length, 1);
        await page.getByRole('button', { name: '退出其他所有设备' }).click();
        await me.pressInDialog('退出其他所有设备');
        await count(1);
        assert.deepEqual(await Promise.all(others.map(status)), [401, 401, 401]);
        assert.equal(await status(me), 200);
        assert.equal(await page.getByRole('button', { name: '退出其他所有设备' }).count(), 0);
        await Promise.all(all.map((one) => one.leave()));
    });

    await test('X04 a password the institute set is changed before anything else', async () => {
        const [, [number]] = PEOPLE;
        const member = await browser.member({ width: 390, height: 844 });
        const { page } = member;

        desk.ctl('provisional word 99\n', 'member', 'passwd', number);
        await member.logIn(number, { password: 'provisional word 99' });
        await page.getByRole('heading', { name: '账号安全', level: 1 }).waitFor();
        assert.match(await member.text(), /请先修改密码[^]*密码由协会代设/);
        await member.shot('account-must');

        for (const name of ['profile', 'certificate', 'edit']) {
            await page.goto(`${demo.url}/#/${name}`);
            await page.waitForFunction(() => location.hash === '#/account');
        }

        await page.reload();
        await page.getByRole('heading', { name: '账号安全', level: 1 }).waitFor();
        await old(page).fill('provisional word 99');
        await fresh(page).fill(FIRST);
        await change(page).click();
        await page.waitForFunction(() => location.hash !== '#/account');
        await member.menu('下载会员证').click();
        await member.confirmButton().waitFor();
        await member.leave();
    });

    await test('X04 a route that wants the change first leads there, whatever was begun', async () => {
        const [, [number]] = PEOPLE;
        const member = await browser.member();
        const { page } = member;

        await member.enter(number, { password: FIRST });
        await page.route('**/api/member', (route) => route.fulfill({
            status: 403, contentType: 'application/problem+json',
            body: '{"code":"password_expired","status":403,"detail":"请先修改密码"}'
        }));
        await member.menu('基本信息').click();
        await page.getByRole('heading', { name: '账号安全', level: 1 }).waitFor();
        assert.match(await member.text(), /请先修改密码/);
        assert.equal(await member.dialog().count(), 0);
        await member.leave();
    });

    await test('the stricter profile: three of four classes, said before it is sent', async () => {
        await demo.with('membercert_password profile=djcp;', async () => {
            const [, , [number]] = PEOPLE;
            const member = await browser.member();
            const { page } = member;

            await member.enter(number);
            await toAccount(member);
            assert.match(await member.text('.password-rules'), /大写字母、小写字母、数字、符号中的至少三种/);
            await old(page).fill(PASSWORD);
            await fresh(page).fill('harbourvelvet');
            await change(page).click();
            assert.match(await fault(member, 'password'), /至少三种/);
            await fresh(page).fill('Harbour velvet 9');
            await change(page).click();
            await page.locator('.said .notice.good').waitFor();
            await old(page).fill('Harbour velvet 9');
            await fresh(page).fill('Harbour velvet 9');
            await change(page).click();
            await page.locator('[data-key=password] .error', { hasText: /最近 \d+ 次/ }).waitFor();
            await member.leave();
        });
    });

    await test('I03 I02 after failures the device proves itself; the member only waits', async () => {
        await demo.with('membercert_captcha web=after:3 bits=12;', async () => {
            const [, , , [number]] = PEOPLE;
            const member = await browser.member();
            const { page } = member;
            const sent = [];

            page.on('request', (request) => {
                if (request.url().endsWith('/api/session') && request.method() === 'POST') {
                    sent.push(Boolean(request.postDataJSON().captcha));
                }
            });
            await member.open();
            await page.getByLabel('会员编号').fill(number);

            for (let i = 0; i < 4; i += 1) {
                await page.getByLabel('密码', { exact: true }).fill(`wrong ${i}`);
                await page.keyboard.press('Enter');
                await page.waitForFunction((n) => window.performance.getEntriesByType('resource')
                    .filter(({ name }) => name.endsWith('/api/session')).length > n, i);
                await page.locator('.login-card .button:not([aria-disabled=true])').waitFor();
            }

            assert.equal(sent[0], false);
            assert.equal(sent.at(-1), true, 'the last try brought its proof');
            assert.equal(await page.getByLabel('密码', { exact: true }).inputValue(), 'wrong 3');
            await member.leave();
        });
    });

    await test('I01 I02 a check that fails is no wrong password: it stays and is not marked', async () => {
        const member = await browser.member();
        const { page } = member;

        await page.route('**/api/session', (route) => (route.request().method() !== 'POST'
            ? route.continue() : route.fulfill({
                status: 422, contentType: 'application/problem+json',
                body: '{"code":"captcha_wrong","status":422,"detail":"验证码错误"}'
            })));
        await member.logIn(NUMBER, { password: FIRST });
        await page.locator('.notice.bad').waitFor();
        assert.match(await member.text('.notice.bad'), /安全验证没有通过，您填写的内容没有丢失/);
        assert.doesNotMatch(await member.text('.notice.bad'), /用户名密码错误/);
        assert.equal(await page.getByLabel('密码', { exact: true }).inputValue(), FIRST);
        assert.equal(await page.getByLabel('密码', { exact: true }).getAttribute('aria-invalid'), null);
        await page.unroute('**/api/session');
        await page.getByRole('button', { name: '登录', exact: true }).click();
        await member.confirmButton().waitFor();
        await member.leave();
    });

    await test('I03 a short wait is said in seconds; number and password stay', async () => {
        const member = await browser.member();
        const { page } = member;

        await page.route('**/api/session', (route) => (route.request().method() !== 'POST'
            ? route.continue() : route.fulfill({
                status: 429, contentType: 'application/problem+json', headers: { 'Retry-After': '7' },
                body: '{"code":"too_many_attempts","status":429,"detail":"尝试次数过多，请 1 分钟后再试"}'
            })));
        await member.logIn(NUMBER, { password: FIRST });
        await page.locator('.notice.bad').waitFor();
        assert.match(await member.text('.notice.bad'), /尝试次数过多，请 7 秒后再试/);
        assert.equal(await page.getByLabel('会员编号').inputValue(), NUMBER);
        assert.equal(await page.getByLabel('密码', { exact: true }).inputValue(), FIRST);
        await member.leave();
    });

    await test('with web=on each log-in brings a proof at once', async () => {
        await demo.with('membercert_captcha web=on bits=12;', async () => {
            const [, , , , [number]] = PEOPLE;
            const member = await browser.member();
            const statuses = [];

            member.page.on('response', (answer) => {
                if (answer.url().endsWith('/api/session')) {
                    statuses.push(answer.status());
                }
            });
            await member.enter(number);
            assert.deepEqual(statuses, [200]);
            await member.leave();
        });
    });

    await test('I03 a proof that takes long is told, and stops when the page is left', async () => {
        await demo.with('membercert_captcha web=on bits=24;', async () => {
            const member = await browser.member({ width: 390, height: 844 });
            const { page } = member;

            await member.logIn(NUMBER, { password: FIRST });
            await page.getByRole('progressbar', { name: '安全验证' }).waitFor();
            assert.match(await member.text('.proof'), /正在进行安全验证，无需您操作/);
            assert.equal(await page.locator('.proof').getAttribute('role'), 'status');
            assert.equal(page.workers().length, 1);
            await member.shot('login-proof');
            await page.locator('.login-links').getByRole('link', { name: '忘记密码' }).click();
            await page.getByRole('heading', { name: '忘记密码', level: 1 }).waitFor();

            for (let i = 0; i < 40 && page.workers().length; i += 1) {
                await page.waitForTimeout(50);
            }

            assert.equal(page.workers().length, 0);
            assert.equal(await page.locator('.notice.bad').count(), 0);
            await member.leave();
        });
    });

    await test('I06 two minutes before the end a dialog says so; one press goes on, in all tabs',
        async () => {
            const member = await browser.member();
            const { page } = member;
            const tab = await member.context.newPage();

            await member.context.clock.install();
            await member.enter(NUMBER, { password: FIRST });
            await tab.goto(`${demo.url}/#/profile`);
            await tab.getByRole('heading', { name: '基本信息', level: 1 }).waitFor();
            await member.context.clock.fastForward(28.5 * MINUTE_MS);
            await member.dialog().waitFor();
            await tab.locator('dialog[open]').waitFor();
            assert.match(await member.text('dialog[open]'), /登录即将过期[^]*将在 1:[0-3]\d 后结束/);
            assert.equal(await page.evaluate(() => document.activeElement.innerText), '继续使用');
            await member.shot('ending', false);

            const before = await page.locator('dialog .clock').innerText();

            await page.waitForFunction((was) =>
                document.querySelector('dialog .clock').innerText !== was, before);
            await member.pressInDialog('继续使用');
            await tab.locator('dialog[open]').waitFor({ state: 'detached' });
            await member.dialog().waitFor({ state: 'detached' });
            assert.equal((await page.request.get(`${demo.url}/api/session`)).status(), 200);
            await member.leave();
        });

    await test('I06 nothing pressed: the session is over in all tabs, what was typed is not', async () => {
        const member = await browser.member();
        const { page } = member;
        const tab = await member.context.newPage();

        await member.context.clock.install();
        await member.enter(NUMBER, { password: FIRST });
        await tab.goto(`${demo.url}/#/certificate`);
        await tab.locator('#confirm').waitFor();
        await page.goto(`${demo.url}/#/edit`);
        await page.getByLabel('工作单位').fill('新的工作单位');
        await member.context.clock.fastForward(29 * MINUTE_MS);
        await member.dialog().waitFor();
        await member.context.clock.fastForward(2 * MINUTE_MS);
        await page.locator('.login-card .notice.warn').waitFor();
        await tab.locator('.login-card .notice.warn').waitFor();
        assert.match(await member.text('.notice.warn'), /登录已(过期|在其他窗口结束)，请重新登录[^]*回到刚才的页面/);
        assert.equal((await page.request.get(`${demo.url}/api/session`)).status(), 401);
        await page.getByLabel('会员编号').fill(NUMBER);
        await page.getByLabel('密码', { exact: true }).fill(FIRST);
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: '修改信息', level: 1 }).waitFor();
        assert.equal(await page.getByLabel('工作单位').inputValue(), '新的工作单位');
        await tab.locator('#confirm').waitFor();    // the log-in serves all tabs
        await page.getByRole('button', { name: '退出' }).click();
        await tab.locator('.login-card .notice.warn').waitFor();
        await member.leave();
    });

    await test('I06 at the longest time nothing goes on: the dialog says a log-in is needed', async () => {
        await demo.with('membercert_session idle=12h absolute=12h max=5 secure=off;', async () => {
            const member = await browser.member();

            await member.context.clock.install();
            await member.enter(NUMBER, { password: FIRST });
            await member.context.clock.fastForward(12 * 60 * MINUTE_MS - 90000);
            await member.dialog().waitFor();
            assert.match(await member.text('dialog[open]'), /最长时限，不能再延长[^]*需要重新登录/);
            await member.pressInDialog('确定');
            await member.dialog().waitFor({ state: 'detached' });
            await member.context.clock.fastForward(95000);
            await member.page.locator('.login-card .notice.warn').waitFor();
            await member.leave();
        });
    });
};
