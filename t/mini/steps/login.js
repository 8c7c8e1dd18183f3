'use strict';

/* 1.1-2: the start page, user type, captcha, what a refusal says, 忘记密码？. */

const { refusal } = require('../lib/phone.js');

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const NUMBER = '330000010001';

/* A captcha of any service: pictures counted, each answer good once. */
function captcha(phone) {
    const given = [];

    phone.on(/^GET site/, async (request, n, send) => {
        const answer = await send(request);
        const site = JSON.parse(Buffer.from(answer.body, 'base64'));

        return { json: { ...site, captcha: { web: 'off', mini: 'on' } } };
    });
    phone.on(/^GET captcha\?kind=picture/, () => {
        given.push(`picture-${given.length + 1}`);

        return { json: { id: given.at(-1), kind: 'picture', expires_in: 300, picture: `data:image/png;base64,${PIXEL}` } };
    });

    return given;
}

const sentBody = (phone) => JSON.parse(Buffer.from(phone.requests(/^POST session/).at(-1).body, 'base64'));

module.exports = async ({ assert, demo, test, wechat }) => {
    const phone = await wechat.phone();
    const { page } = phone;

    await test('S05 the program opens with the log-in; nothing but site and captcha is asked', async () => {
        await phone.start();
        assert.equal(await phone.route(), 'pages/login/index');
        await phone.text('示例注册会计师协会').waitFor();
        await page.waitForTimeout(300);
        assert.deepEqual(phone.sent.map((one) => one.path)
            .filter((path) => !/^\/api\/(site|captcha\?kind=picture)$/.test(path)), []);
        assert.equal(phone.requests(/^GET site/).length, 1);
        await phone.shot('1.1-2-login');
    });

    await test('S02 the hot line stands on the page and each number can be tapped', async () => {
        assert.match(await phone.words(), /咨询电话：010-88250337\/0338/);
        await phone.text('0338').click();
        assert.deepEqual(phone.calls, ['01088250338']);
    });

    await test('S06 S07 the item that is chosen is bold and black; 【确定】 commits the one shown', async () => {
        await phone.top.locator('[role=button][aria-label^="用户类型 "]').click();

        const option = (words) => page.locator('[role=radio]').filter({ hasText: words });
        const look = (words) => option(words).evaluate((one) => {
            const { fontWeight, color } = getComputedStyle(one);

            return { fontWeight, color };
        });

        const sheet = await page.locator('[role=dialog][aria-label="用户类型"]').boundingBox();

        assert.equal(Math.round(sheet.y + sheet.height), 800, 'the sheet lies at the lower edge');
        assert.equal(Math.round(sheet.width), 390);
        await option('注册会计师').click();
        assert.deepEqual(await look('注册会计师'), { fontWeight: '700', color: 'rgb(0, 0, 0)' });
        assert.equal((await look('非执业会员')).fontWeight, '400');
        await phone.shot('1.1-2-user-type');

        /* as fast as a finger can: the last one shown counts */
        await page.evaluate(() => {
            const tap = (element) => ['mousedown', 'mouseup'].forEach((type) =>
                element.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: 5, clientY: 5 })));
            const named = (selector, words) => [...document.querySelectorAll(selector)]
                .find((one) => one.textContent.includes(words));

            tap(named('[role=radio]', '非执业会员'));
            tap(named('[role=radio]', '注册会计师'));
            tap(named('[role=radio]', '非执业会员'));
            tap(named('[role=dialog] [role=button]', '确定'));
        });
        assert.equal(await phone.top.locator('[role=button][aria-label^="用户类型 "]').getAttribute('aria-label'),
            '用户类型 非执业会员');
        assert.equal(await page.locator('[role=radio]').count(), 0);
    });

    await test('S12 empty fields are named before anything is sent', async () => {
        await phone.button('登录').last().click();
        assert.match(await phone.words(), /请填写会员编号/);
        assert.match(await phone.words(), /请填写密码/);
        assert.equal(phone.requests(/^POST session/).length, 0);
    });

    await test('S11 exactly 忘记密码？ stands below the captcha, no other such link, and opens the recovery', async () => {
        const box = await phone.top.locator('.captcha-box').boundingBox();
        const link = await phone.text('忘记密码？').boundingBox();
        const send = await phone.top.locator('wx-button').filter({ hasText: /^登录$/ }).boundingBox();

        assert.ok(link.y >= box.y + box.height, 'below the captcha');
        assert.ok(link.y <= send.y + send.height, 'not below 登录');
        assert.equal(await phone.top.getByText(/^\s*忘记密码\s*$/).count(), 0);
        await phone.text('忘记密码？').click();
        await phone.at('forgot');
        assert.match(await phone.words(), /咨询电话/);
        await phone.back();
        await phone.at('login');
    });

    await phone.leave();

    await test('S09 on the phone the first log-in needs 验证码 already; without it: captcha_needed', async () => {
        const first = await wechat.phone();

        await first.start();
        await first.top.locator('.captcha-box img').waitFor();
        await first.leave();

        const answer = await fetch(`${demo.url}/api/session`, {
            method: 'POST', headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({
                user_type: 'nonpractising', member_no: NUMBER, password: 'membercert-2026', client: 'mini'
            })
        });

        assert.equal((await answer.json()).code, 'captcha_needed');
    });

    await test('S09 I01 I02 a wrong captcha is told apart, a new one comes, what was typed stays', async () => {
        const other = await wechat.phone();
        const given = captcha(other);

        await other.start();
        await other.top.locator('.captcha-box').waitFor();

        const box = other.top.locator('.captcha-box');
        const below = async (first, second) => (await second.boundingBox()).y > (await first.boundingBox()).y;

        assert.ok(await below(box, other.text('忘记密码？')));
        await box.locator('wx-image').waitFor();
        await other.shot('1.1-2-login-captcha');
        await box.locator('wx-image').click();
        await box.getByText('换一张').click();
        await other.page.waitForFunction(() => true);
        await box.locator('wx-image').waitFor();
        assert.equal(given.length, 3);

        const stop = other.on(/^POST session/, refusal(422, 'captcha_wrong', '验证码错误'));

        await other.field('会员编号').fill(NUMBER);
        await other.field('密码').fill('membercert-2026');
        await other.button('登录').last().click();
        assert.match(await other.words(), /请填写验证码/);
        assert.equal(other.requests(/^POST session/).length, 0);
        await other.field('验证码').fill('abcd');
        await other.button('登录').last().click();
        await other.text('验证码错误').waitFor();
        assert.equal(sentBody(other).captcha.id, 'picture-3');
        assert.equal(sentBody(other).captcha.answer, 'abcd');
        assert.equal(given.length, 4);
        assert.equal(await other.field('验证码').inputValue(), '');
        assert.equal(await other.field('密码').inputValue(), 'membercert-2026');
        assert.doesNotMatch(await other.words(), /用户名密码错误/);
        stop();

        const denied = other.on(/^POST session/, refusal(401, 'login_failed', '用户名密码错误'));

        await other.field('验证码').fill('efgh');
        await other.button('登录').last().click();
        await other.text('用户名密码错误').waitFor();
        assert.equal(given.length, 5);
        assert.equal(await other.field('密码').inputValue(), 'membercert-2026');
        await other.shot('1.1-2-login-failed');
        denied();
        await other.leave();
    });

    await test('S09 who cannot read the picture lets the phone prove it; the answer is right', async () => {
        const { createHash } = require('node:crypto');
        const other = await wechat.phone();

        captcha(other);
        other.on(/^GET captcha\?kind=work/, { json: { id: 'x'.repeat(150), kind: 'work', expires_in: 300, bits: 12 } });
        other.on(/^POST session/, refusal(401, 'login_failed', '用户名密码错误'));
        await other.start();
        await other.logIn(NUMBER);
        await other.text('用户名密码错误').waitFor();

        const { id, answer } = sentBody(other).captcha;
        const digest = createHash('sha256').update(`${id}:${answer}`).digest();

        assert.equal(digest.readUInt16BE() >> 4, 0, digest.toString('hex'));
        await other.leave();
    });

    await test('S09 I01 the module\'s own captcha: a picture, a new one by a tap, a wrong answer used up', async () => {
        const other = await wechat.phone();
        const box = other.top.locator('.captcha-box');

        await other.start();
        await box.locator('img').waitFor();

        const seen = () => box.locator('img').evaluate((one) => one.decode().then(() => [one.naturalWidth, one.src]));
        const [width, first] = await seen();

        assert.ok(width >= 100);
        await other.shot('1.1-2-login-real-captcha');
        await box.locator('wx-image').click();
        await other.page.waitForFunction((src) => {
            const image = document.querySelector('.captcha-box img');

            return image?.src && image.src !== src;
        }, first);
        await other.field('会员编号').fill(NUMBER);
        await other.field('密码').fill('membercert-2026');
        await other.field('验证码').fill('0');
        await other.button('登录').last().click();
        await other.text('验证码错误').waitFor();
        assert.doesNotMatch(await other.words(), /用户名密码错误/);
        assert.equal(await other.field('密码').inputValue(), 'membercert-2026');
        await other.leave();
    });

    await test('S06 S08 wrong type with the right password fails; a pasted number may have spaces', async () => {
        const other = await wechat.phone();

        await other.start();
        await other.logIn(' 3300 0001\u20090001 ', { type: '注册会计师' });
        await other.text('用户名密码错误').waitFor();
        assert.match(await other.words(), /忘记密码、原密码为空时，可点击“忘记密码？”找回。/);
        assert.match(await other.words(), /咨询电话/);
        await other.choose('用户类型', '非执业会员');
        await other.prove();
        await other.button('登录').last().click();
        await other.at('home');
        assert.equal(sentBody(other).member_no, NUMBER);
        assert.equal(sentBody(other).client, 'mini');
        assert.match(await other.words(), /林晓岚/);
        await other.shot('1.2-1-home');
        await other.leave();
    });
};
