'use strict';

/* 2.1: log in, wrong and right; what to do without a password; the end. */

const NUMBER = '330000010001';

async function refused(member, assert) {
    const said = await member.text('.login-card .notice');

    assert.match(said, /用户名密码错误/);
    assert.match(said, /可点击“忘记密码”找回/);
    assert.match(said, /010-88250337/);
}

module.exports = async ({ assert, browser, demo, test }) => {
    let member = await browser.member();
    const { page } = member;

    await test('S05 without a session every address leads to the log-in page', async () => {
        for (const hash of ['', '#/certificate', '#/profile', '#/nonsense']) {
            await member.open(hash);
            await page.getByRole('button', { name: '登录', exact: true }).waitFor();
            assert.match(page.url(), /#\/login$/);
        }

        assert.equal(await page.locator('#menu').isVisible(), false);
        assert.match(await member.text('h1'), /示例注册会计师协会/);
        await member.shot('login');
    });

    await test('S06 the user types are a list; the chosen one is bold', async () => {
        const select = page.getByLabel('用户类型');

        assert.deepEqual(await select.locator('option').allInnerTexts(),
            ['非执业会员', '注册会计师']);
        assert.equal(await select.evaluate((one) => getComputedStyle(one).fontWeight), '700');
    });

    await test('S12 S02 a wrong password says 用户名密码错误, with the way out and the hot line',
        async () => {
            await member.logIn(NUMBER, { password: 'wrong' });
            await page.locator('.notice.bad').waitFor();
            await refused(member, assert);
            assert.equal(await page.getByLabel('会员编号').inputValue(), NUMBER);
            assert.equal(await page.evaluate(() => document.activeElement.name), 'password');
            await member.shot('login-refused');
        });

    await test('S06 the right password with the wrong user type is refused alike', async () => {
        await member.logIn(NUMBER, { type: 'practising' });
        await page.locator('.notice.bad').waitFor();
        await refused(member, assert);
    });

    await test('I05 S12 no password opens an account that has none', async () => {
        await member.logIn('330000010006', { password: 'membercert-2026' });
        await page.locator('.notice.bad').waitFor();
        await refused(member, assert);
        await page.getByLabel('密码', { exact: true }).fill('');
        await page.getByRole('button', { name: '登录', exact: true }).click();
        assert.match(await member.text('.notice.bad'), /原密码为空时，可点击“忘记密码”找回/);
    });

    await test('S12 忘记密码 stands below 登录 and leads to hot line and contacts', async () => {
        const button = await page.getByRole('button', { name: '登录', exact: true }).boundingBox();
        const link = page.locator('.login-links').getByRole('link', { name: '忘记密码' });

        assert.ok((await link.boundingBox()).y > button.y);

        for (const name of ['忘记密码', '新入会会员查询']) {
            await member.open();
            await page.locator('.login-links').getByRole('link', { name }).click();
            await page.getByRole('heading', { name, level: 1 }).waitFor();
            await page.getByText('各地注册会计师协会联系方式').click();

            const text = await member.text();

            assert.match(text, /咨询电话：010-88250337\/0338/);
            assert.match(text, /云南省注册会计师协会/);
            assert.match(text, /0871-68250339/);
        }
    });

    await test('S08 a number pasted with spaces is taken', async () => {
        await member.enter(' 3300 0001\u30000001 ');
        assert.match(await member.text('#header'), /林晓岚/);
        assert.doesNotMatch(await member.text('#header'), new RegExp(NUMBER));
    });

    await test('I06 退出 ends the session', async () => {
        await page.getByRole('button', { name: '退出' }).click();
        await page.locator('.notice.good').waitFor();
        assert.match(await member.text('.notice.good'), /您已退出登录/);
        assert.equal((await page.request.get(`${demo.url}/api/session`)).status(), 401);
        await member.open('#/profile');
        assert.match(page.url(), /#\/login$/);
    });

    await test('S10 the keyboard alone logs in, and no captcha is asked for', async () => {
        await member.open();
        await page.getByLabel('用户类型').focus();
        await page.keyboard.press('Tab');
        await page.keyboard.type(NUMBER);
        await page.keyboard.press('Tab');
        await page.keyboard.type('membercert-2026');
        assert.equal(await page.getByText('验证码').count(), 0);
        await page.keyboard.press('Enter');
        await member.confirmButton().waitFor();
        assert.match(await page.evaluate(() => document.activeElement.tagName), /H1|BODY/);
    });

    await test('I06 an expired session asks for the log-in and goes on where it ended', async () => {
        await member.context.clearCookies();
        await member.menu('基本信息').click();
        await page.locator('.notice.warn').waitFor();
        assert.match(await member.text('.notice.warn'), /登录已过期，请重新登录/);
        await page.getByLabel('会员编号').fill(NUMBER);
        await page.getByLabel('密码', { exact: true }).fill('membercert-2026');
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: '基本信息', level: 1 }).waitFor();
        assert.match(page.url(), /#\/profile$/);
    });

    await test('I06 a session outlives the page: a reload needs no log-in', async () => {
        await page.reload();
        await page.getByRole('heading', { name: '基本信息', level: 1 }).waitFor();
    });

    await member.leave();

    await test('S13 the site works under each name it is reached by', async () => {
        member = await browser.member();
        await member.page.goto(`http://localhost:${demo.port}/`);
        await member.page.getByLabel('会员编号').fill(NUMBER);
        await member.page.getByLabel('密码', { exact: true }).fill('membercert-2026');
        await member.page.keyboard.press('Enter');
        await member.confirmButton().waitFor();
        await member.leave();
    });
};
