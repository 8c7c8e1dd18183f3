'use strict';

/* Widths, languages, hot line on every page, sizes of what is pressed. */

const PAGES = ['certificate', 'profile', 'edit', 'account', 'forgot', 'newcomer',
    'institute-code', 'code'];
const NUMBER = '330000010001';

const overflow = (page) => page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth);

/* As if a code had been asked for in this tab. */
const awaitCode = () => sessionStorage.setItem('membercert.recovery', JSON.stringify({
    kind: 'recovery', channel: 'phone', recovery: 'x', length: 8, until: Date.now() + 600000, again: 0
}));

async function visit(member, name) {
    await member.page.goto(`${member.browser.url}/#/${name}`);
    await member.page.waitForFunction((wanted) => document.body.dataset.page === wanted
        && document.querySelector('#page .card'), name);
}

/* Links and buttons of their own, not those inside a line of text. */
const small = (page) => page.evaluate(() => [...document.querySelectorAll(
    'button, .button, #menu a, .login-links a, #footer li a, summary, select,'
    + 'input:not([type=checkbox], [type=radio])')]
    .filter((one) => !one.classList.contains('unseen') && one.getClientRects().length)
    .map((one) => [one.innerText || one.name, Math.round(one.getBoundingClientRect().height)])
    .filter(([, height]) => height < 44));

module.exports = async ({ assert, browser, demo, test }) => {
    for (const [locale, width] of [['zh-CN', 320], ['en-US', 320], ['zh-CN', 390]]) {
        await test(`S22 no page is wider than a screen of ${width} pixels (${locale})`, async () => {
            const member = await browser.member({ width, height: 740, locale });

            await member.open();
            assert.equal(await overflow(member.page), 0, 'login');
            await member.shot(`phone-${width}-${locale}-login`);
            await member.enter(NUMBER);
            await member.page.evaluate(awaitCode);

            for (const name of PAGES) {
                await visit(member, name);
                assert.equal(await overflow(member.page), 0, name);
                assert.deepEqual(await small(member.page), [], name);
                await member.shot(`phone-${width}-${locale}-${name}`);
            }

            await visit(member, 'certificate');
            await member.page.locator('#upload').click();
            await member.dialog().waitFor();
            assert.equal(await overflow(member.page), 0, 'upload');
            assert.ok(await member.dialog().evaluate((one) => one.scrollWidth <= one.clientWidth));
            await member.leave();
        });
    }

    await test('S02 the hot line is on every page, and a tap calls it', async () => {
        const member = await browser.member();
        const numbers = () => member.page.locator('#footer a[href^="tel:"]')
            .evaluateAll((all) => all.map((one) => one.getAttribute('href')));

        await member.enter(NUMBER);
        await member.page.evaluate(awaitCode);

        for (const name of PAGES) {
            await visit(member, name);
            assert.match(await member.text('#footer'), /咨询电话：010-88250337\/0338/);
            assert.match(await member.text('#footer'), /隐私政策[^]*示例ICP备00000000号/);
            assert.deepEqual(await numbers(), ['tel:01088250337', 'tel:01088250338']);
        }

        for (const name of ['privacy.html', '404.html']) {
            await member.page.goto(`${demo.url}/${name}`);
            await member.page.getByText('示例ICP备00000000号').waitFor();
            assert.match(await member.text('#footer'), /咨询电话：010-88250337\/0338/);
            assert.equal(await member.page.locator('.brand-name').innerText(), '示例注册会计师协会');
        }

        await member.leave();
    });

    await test('S02 without script the page says so, with the hot line', async () => {
        const member = await browser.member({ javaScriptEnabled: false });

        await member.page.goto(demo.url);
        assert.match(await member.text(), /需要启用 JavaScript[^]*010-88250337/);
        await member.leave();
    });

    await test('I16 Chinese first; a browser that asks for English gets it', async () => {
        const chinese = await browser.member();

        await chinese.open();
        assert.equal(await chinese.page.evaluate(() => document.documentElement.lang), 'zh-CN');
        await chinese.leave();

        const member = await browser.member({ locale: 'en-GB' });

        await member.enter(NUMBER);
        assert.equal(await member.page.evaluate(() => document.documentElement.lang), 'en');
        await member.page.locator('.photo img').waitFor();

        const words = await member.text();

        assert.match(words, /Confirm information and download certificate/);
        assert.match(words, /18 Jun 2019/);
        assert.match(words, /Zhejiang Institute of CPAs/);
        await member.shot('english-certificate');
        await member.leave();
    });

    await test('I16 the switch changes the language at once and is remembered', async () => {
        const member = await browser.member();

        await member.open();
        await member.page.getByRole('button', { name: 'English' }).click();
        await member.page.getByRole('heading', { name: 'Member log-in' }).waitFor();
        await member.page.reload();
        await member.page.getByRole('heading', { name: 'Member log-in' }).waitFor();
        await member.page.getByRole('button', { name: '中文' }).click();
        await member.page.getByRole('heading', { name: '会员登录' }).waitFor();
        await member.leave();
    });

    await test('I16 the dictionaries have the same keys and places', async () => {
        const member = await browser.member();

        await member.open();

        const [zh, en] = await member.page.evaluate(async () => {
            const all = await Promise.all(['zh', 'en'].map((one) => import(`/js/text-${one}.js`)));

            return all.map((one) => one.default);
        });
        const places = (text) => (text.match(/\{\w+\}/g) || []).sort().join();

        assert.deepEqual(Object.keys(en), Object.keys(zh));

        for (const key of Object.keys(zh).filter((one) => one !== 'date')) {
            assert.equal(places(en[key]), places(zh[key]), key);
        }

        await member.leave();
    });

    await test('S10 the focus is seen wherever the keyboard goes', async () => {
        const member = await browser.member();

        await member.enter(NUMBER);

        for (let i = 0; i < 14; i += 1) {
            await member.page.keyboard.press('Tab');
            assert.ok(await member.page.evaluate(() => {
                const one = document.activeElement;
                const style = getComputedStyle(one);

                return one === document.body || style.outlineStyle !== 'none'
                    || style.boxShadow !== 'none';
            }));
        }

        await member.leave();
    });
};
