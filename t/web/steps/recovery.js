'use strict';

/*
 * The way back into an account and the first way in, as members go it: with
 * a code that was sent, and what may go wrong on the way.
 */

const { PASSWORD } = require('../lib/browser.js');
const { Desk } = require('../lib/desk.js');
const { proof } = require('../lib/proof.js');

const EMPTY = { number: '330000010006', name: '许可', id: '330304199510202219', phone: '13800000006' };
const KNOWN = {
    number: '330000010004', name: '陈立言', id: '330203199312054014', phone: '13800000004',
    email: 'chenly@example.org'
};
const FRESH = { number: '330000010002', name: '周文博', id: '330106199002141538', phone: '13800000002' };
const NOBODY = { number: '330000019999', name: '无名氏', id: '330106199002141511' };

const LIMIT = 'membercert_recovery address=200/1h;';
const NEW_PASSWORD = '青山依旧 harbour 夕阳';

async function steps({ assert, browser, demo, test }) {
    const desk = new Desk(demo, browser);
    const on = (page) => ({
        number: page.getByLabel('会员编号'), name: page.getByLabel('姓名'),
        id: page.getByLabel('身份证件号码'), code: page.getByLabel('验证码', { exact: true }),
        password: page.getByLabel('新密码', { exact: true }),
        send: page.getByRole('button', { name: '获取验证码' }),
        set: page.getByRole('button', { name: '设置密码' }),
        bad: page.locator('.notice.bad')
    });

    async function identify(page, { number, name, id }) {
        const form = on(page);

        if (number) {
            await form.number.fill(number);
        }

        await form.name.fill(name);
        await form.id.fill(id);
        await form.send.click();
    }

    const atCode = (page) => page.getByRole('heading', { name: '设置新密码', level: 1 }).waitFor();

    /* What the page says, without the seconds that run. */
    const words = async (member) => (await member.text()).replace(/\d+:\d\d/g, 'M:SS');

    async function setAndLogIn(member, number) {
        const { page } = member;
        const form = on(page);

        await form.password.fill(NEW_PASSWORD);
        await form.set.click();
        await page.locator('.login-card .notice.good').waitFor();
        assert.match(await member.text('.login-card'), /新密码已设置[^]*请使用新密码登录/);
        assert.equal((await page.request.get(`${demo.url}/api/session`)).status(), 401);
        await page.getByLabel('会员编号').fill(number);
        await page.getByLabel('密码', { exact: true }).fill(NEW_PASSWORD);
        await page.keyboard.press('Enter');
        await member.confirmButton().waitFor();
    }

    await test('I04 S12 I05 X04 first entry: an empty password is refused, a code leads in', async () => {
        const member = await browser.member({ width: 390, height: 844 });
        const { page } = member;
        const before = demo.messages();

        await member.logIn(EMPTY.number);
        await on(page).bad.waitFor();
        await page.locator('.notice.bad').getByRole('link', { name: '忘记密码' }).click();
        await page.getByRole('heading', { name: '忘记密码', level: 1 }).waitFor();
        await member.shot('forgot');
        await identify(page, EMPTY);
        await atCode(page);
        assert.match(await member.text(), /如果您填写的信息与协会登记的一致，验证码已发往您登记的手机号码/);
        assert.doesNotMatch(await member.text(), new RegExp(EMPTY.phone.slice(-4)));

        const message = await demo.message(EMPTY.phone, before);

        assert.equal(message.channel, 'sms');
        assert.match(message.params.code, /^\d{8}$/);
        await on(page).code.fill(message.params.code);
        await member.shot('code');
        await setAndLogIn(member, EMPTY.number);
        await member.leave();
    });

    await test('I04 S11 forgotten password: the code comes by e-mail, and mistakes lose nothing',
        async () => {
            const member = await browser.member();
            const { page } = member;
            const form = on(page);
            const before = demo.messages();

            await member.open('#/forgot');
            await form.send.click();
            assert.match(await member.text('.notice.bad'), /有 3 项需要更正[^]*请填写会员编号[^]*请填写姓名[^]*请填写身份证件号码/);
            assert.equal(await page.evaluate(() => document.activeElement.className), 'notice bad');
            await page.getByLabel('登记的邮箱').check();
            await identify(page, { ...KNOWN, name: '陈立' });
            await atCode(page);
            await page.getByRole('link', { name: '修改填写的信息' }).click();
            await page.getByRole('heading', { name: '忘记密码', level: 1 }).waitFor();
            assert.equal(await form.number.inputValue(), KNOWN.number);
            assert.equal(await form.id.inputValue(), KNOWN.id);
            assert.ok(await page.getByLabel('登记的邮箱').isChecked());
            await form.name.fill(` ${KNOWN.name} `);
            await form.id.fill(KNOWN.id.replace(/(.{6})/g, '$1 '));
            await form.send.click();
            await atCode(page);

            const message = await demo.message(KNOWN.email, before);

            assert.equal(demo.messages().filter(({ to }) => to === KNOWN.email).length, 1,
                'the wrong name was sent nothing');
            assert.equal(message.channel, 'email');
            await form.code.fill(message.params.code === '00000000' ? '00000001' : '00000000');
            await form.password.fill('short');
            await form.set.click();
            assert.match(await member.text('[data-key=password] .error'), /至少 10 个字符/);
            await form.password.fill(NEW_PASSWORD);
            await form.set.click();
            await page.locator('[data-key=code] .error:not(:empty)').waitFor();
            assert.match(await member.text('.notice.bad'), /验证码错误或已过期/);
            assert.equal(await form.password.inputValue(), NEW_PASSWORD);
            await member.shot('code-refused');
            await form.code.fill(message.params.code.replace(/(\d{4})/, '$1 '));
            await form.password.fill('1234567890');
            await form.set.click();
            await page.locator('[data-key=password] .error:not(:empty)').waitFor();
            assert.match(await member.text('[data-key=password] .error'), /过于常见/);
            await setAndLogIn(member, KNOWN.number);
            await demo.message(KNOWN.email, [...before, message]);
            assert.equal(demo.messages().at(-1).kind, 'changed');
            await member.leave();
        });

    await test('S03 a new member looks up the numbers and sets the first password', async () => {
        const member = await browser.member({ locale: 'en-GB', width: 390, height: 844 });
        const { page } = member;
        const before = demo.messages();

        await member.open();
        await page.getByRole('link', { name: 'New members: look-up' }).click();
        await page.getByRole('heading', { name: 'New members: look-up', level: 1 }).waitFor();
        assert.equal(await page.locator('[name=member_no]').count(), 0);
        await member.shot('newcomer-en');
        await page.getByLabel('Name', { exact: true }).fill(FRESH.name);
        await page.getByLabel('ID number').fill(FRESH.id.toLowerCase());
        await page.getByRole('button', { name: 'Send the code' }).click();
        await page.getByRole('heading', { name: 'Set a new password' }).waitFor();
        assert.doesNotMatch(await member.text(), new RegExp(FRESH.number));

        const message = await demo.message(FRESH.phone, before);

        assert.equal(message.kind, 'lookup');
        assert.equal(message.params.member_no, FRESH.number);
        assert.equal(message.params.certificate_no, 'F33-2021-0002');
        await member.shot('code-en');
        await page.getByLabel('Code', { exact: true }).fill(message.params.code);
        await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
        await page.getByRole('button', { name: 'Set password' }).click();
        await page.locator('.login-card .notice.good').waitFor();
        await page.getByLabel('Membership number').fill(message.params.member_no);
        await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD);
        await page.keyboard.press('Enter');
        await member.confirmButton().waitFor();
        await member.leave();
    });

    await test('S03 I07 nothing on the screen tells whether somebody is a member', async () => {
        const seen = [];

        for (const [hash, who] of [['#/forgot', { ...KNOWN, id: NOBODY.id }], ['#/forgot', NOBODY],
            ['#/newcomer', { ...NOBODY, number: '' }], ['#/newcomer', { ...FRESH, number: '' }]]) {
            const member = await browser.member();

            await member.open(hash);
            await identify(member.page, who);
            await atCode(member.page);
            seen.push(await words(member));
            await member.leave();
        }

        assert.equal(seen[0], seen[1]);
        assert.equal(seen[2], seen[3]);
    });

    await test('I01 I02 a challenge that expired is replaced without a word, nothing typed is lost',
        async () => demo.with('membercert_captcha ttl=1s bits=10;', async () => {
            const member = await browser.member();
            const { page } = member;
            const answers = [];

            /* The page believes it for ten minutes; the service for a second. */
            await page.route('**/api/captcha?*', async (route) => {
                const answer = await route.fetch();

                await route.fulfill({
                    response: answer, json: { ...await answer.json(), expires_in: 600 }
                });
            });
            page.on('response', async (answer) => {
                if (answer.url().endsWith('/api/recovery')) {
                    answers.push(answer.status() === 202 ? 202 : (await answer.json()).code);
                }
            });
            await member.open('#/forgot');
            await on(page).number.fill(NOBODY.number);
            await page.waitForTimeout(2200);
            await identify(page, NOBODY);
            await atCode(page);
            assert.deepEqual(answers, ['captcha_expired', 202]);
            await member.leave();
        }));

    await test('I04 a code that expired says so; another one is sent, the password stays', async () => {
        await demo.with('membercert_recovery address=200/1h code_ttl=3s;', async () => {
            const member = await browser.member();
            const { page } = member;
            const form = on(page);
            const before = demo.messages();

            await page.clock.install();
            await member.open('#/forgot');
            await identify(page, EMPTY);
            await atCode(page);
            await page.locator('.sent .notice.warn').waitFor();
            assert.match(await member.text('.sent'), /验证码已过期，请重新获取/);

            const late = await demo.message(EMPTY.phone, before).catch(() => null);

            await form.code.fill(late ? late.params.code : '12345678');
            await form.password.fill(NEW_PASSWORD);
            await form.set.click();
            await page.locator('[data-key=code] .error:not(:empty)').waitFor();
            assert.match(await member.text('.notice.bad'), /验证码错误或已过期/);
            await page.clock.fastForward(61000);

            const again = page.getByRole('button', { name: '重新获取', exact: true });

            await again.waitFor();
            await member.shot('code-over');
            await again.click();
            await page.locator('.sent .notice.info').waitFor();
            assert.match(await member.text('.sent'), /已重新提交，请使用最新收到的验证码/);
            assert.equal(await form.code.inputValue(), '');
            assert.equal(await form.password.inputValue(), NEW_PASSWORD);
            await member.leave();
        });
    });

    await test('I04 the page may be dropped while the message is read', async () => {
        const member = await browser.member();
        const { page } = member;

        await member.open('#/forgot');
        await identify(page, NOBODY);
        await atCode(page);
        await page.reload();
        await atCode(page);
        assert.match(await member.text('.sent'), /验证码有效时间还剩 (9:\d\d|10:00)/);
        assert.equal(await page.getByRole('button', { name: '重新获取' }).count(), 0);
        assert.equal(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])
            .match(/无名氏|3301061990/)), null, 'nothing personal is stored');
        await member.leave();
    });

    await test('I04 too many codes: when to come back, and what was typed stays', async () => {
        const body = {
            user_type: 'nonpractising', member_no: NOBODY.number, name: NOBODY.name,
            id_number: NOBODY.id, client: 'mini'
        };
        let status = 0;

        for (let i = 0; i < 5 && status !== 429; i += 1) {
            const answer = await fetch(`${demo.url}/api/recovery`, {
                method: 'POST', headers: { 'Content-Type': 'application/json' },
                body: JSON.stringify({ ...body, captcha: await proof(demo.url) })
            });

            ({ status } = answer);
        }

        assert.equal(status, 429);

        const member = await browser.member();

        await member.open('#/forgot');
        await identify(member.page, NOBODY);
        await on(member.page).bad.waitFor();
        assert.match(await member.text('.notice.bad'), /尝试次数过多，请 \d+ 分钟后再试/);
        assert.equal(await on(member.page).name.inputValue(), NOBODY.name);
        assert.equal(await on(member.page).id.inputValue(), NOBODY.id);
        await member.leave();
    });

    await test('I03 without a worker the page itself finds the proof', async () => {
        const member = await browser.member();

        await member.page.addInitScript(() => { delete window.Worker; });
        await member.open('#/newcomer');
        await identify(member.page, { name: '另一位', id: '330106199002141554' });
        await atCode(member.page);
        await member.leave();
    });

    await test('X03 S12 a site that sends no codes leads to hot line, contacts and institute', async () => {
        const member = await browser.member();
        const { page } = member;

        await page.route('**/api/site', async (route) => {
            const answer = await route.fetch();

            await route.fulfill({ response: answer, json: { ...await answer.json(), recovery: false } });
        });

        for (const name of ['忘记密码', '新入会会员查询']) {
            await member.open();
            await page.locator('.login-links').getByRole('link', { name }).click();
            await page.getByRole('heading', { name, level: 1 }).waitFor();
            assert.match(await member.text(), /咨询电话：010-88250337\/0338[^]*云南省注册会计师协会[^]*0871-68250339/);
            assert.equal(await on(page).send.count(), 0);
        }

        await page.getByRole('link', { name: '我有协会给的一次性代码' }).click();
        await page.getByLabel('一次性代码').waitFor();
        await member.leave();
    });

    for (const { number } of [KNOWN, FRESH]) {     // for the steps behind
        desk.ctl(`${PASSWORD}\n`, 'member', 'passwd', number, '--own');
    }
}

/* All of them come from one address here. */
module.exports = ({ demo, ...more }) =>
    demo.with(LIMIT, () => steps({ demo, ...more }));
