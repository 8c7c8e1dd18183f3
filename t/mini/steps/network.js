'use strict';

/*
 * Bad networks and other misfortune: always words with the next step, never
 * a spinner without end, a lost form or a second submit.
 */

const { pdfOf } = require('../lib/pc.js');
const { refusal } = require('../lib/phone.js');
const { choose } = require('./photo.js');

const NUMBER = '330000010001';
const PORTAL = { status: 200, body: '<html>Welcome to this Wi-Fi</html>', header: { 'content-type': 'text/html' } };

async function certificate(wechat) {
    const phone = await wechat.phone();

    await phone.enter(NUMBER);
    await phone.tap('会员电子证书');
    await phone.text('请核对以上信息').waitFor();
    await quiet(phone);

    return phone;
}

/* A result of an earlier test is told once. */
async function quiet(phone) {
    await phone.page.waitForTimeout(200);

    if (await phone.dialog().count()) {
        await phone.press('确定');
    }
}

async function uploadPage(wechat, picture, number = NUMBER) {
    const phone = await wechat.phone();

    await phone.enter(number);
    await phone.tap('会员电子证书');
    await phone.text('请核对以上信息').waitFor();
    await quiet(phone);
    await phone.top.locator('.upload').click();
    await phone.at('upload');
    await phone.top.locator('.choose').waitFor();
    await choose(phone, picture);
    await phone.top.locator('.declare [role=checkbox]').click();

    await consent(phone);

    return phone;
}

async function consent(phone) {
    const box = phone.top.locator('.consent [role=checkbox]');

    if (await box.count()) {
        await box.click();
    }
}

/* As the institute, or another phone of the member, ends it. */
async function endSession(phone, demo) {
    const { Authorization } = phone.sent.findLast((one) => one.header.Authorization).header;

    await fetch(`${demo.url}/api/session`, { method: 'DELETE', headers: { Authorization } });
}

const puts = (phone) => phone.requests(/^PUT photo\?declare/).length;

module.exports = async ({ assert, demo, test, wechat }) => {
    await test('no network at the log-in: words, hot line, what was typed stays, 重试 works', async () => {
        const phone = await wechat.phone();
        const stop = phone.on(/./, { error: 'ERR_INTERNET_DISCONNECTED' });

        await phone.start();
        await phone.text('网络连接失败，请检查网络后重试').waitFor();
        assert.match(await phone.words(), /咨询电话：010-88250337/);
        stop();
        await phone.text('重试').click();
        await phone.text('示例注册会计师协会').waitFor();

        const again = phone.on(/^POST session/, { error: 'timeout' });

        await phone.logIn(NUMBER);
        await phone.text('网络超时，请稍后重试').waitFor();
        assert.equal(phone.requests(/^POST session/).length, 1, 'a log-in is not asked twice');
        assert.equal(await phone.field('密码').inputValue(), 'membercert-2026');
        again();
        await phone.prove();
        await phone.button('登录').last().click();
        await phone.at('home');
        await phone.leave();
    });

    await test('429 and 503 at the log-in: the service\'s words, or ours for what nginx said', async () => {
        const phone = await wechat.phone();

        await phone.start();
        phone.on(/^POST session/, { status: 429, body: '<html>429</html>' }, 1);
        await phone.logIn(NUMBER);
        await phone.text('操作过于频繁，请稍后再试').waitFor();
        phone.on(/^POST session/, refusal(429, 'too_many_attempts', '尝试次数过多，请 9 分钟后再试'), 1);
        await phone.prove();
        await phone.button('登录').last().click();
        await phone.text('尝试次数过多，请 9 分钟后再试').waitFor();
        phone.on(/^POST session/, { status: 503, body: '' }, 1);
        await phone.prove();
        await phone.button('登录').last().click();
        await phone.text('系统繁忙，请稍后再试').waitFor();
        await phone.leave();
    });

    await test('I17 reading is tried three times; then why not, and 重试 in place of a spinner', async () => {
        const phone = await wechat.phone();

        await phone.enter(NUMBER);

        const stop = phone.on(/^GET certificate$/, { error: 'ERR_CONNECTION_RESET' });

        await phone.tap('会员电子证书');
        await phone.text('页面暂时无法显示').waitFor();
        assert.equal(phone.requests(/^GET certificate$/).length, 3);
        assert.match(await phone.words(), /网络连接失败[\s\S]*咨询电话/);
        assert.doesNotMatch(await phone.words(), /正在加载/);
        await phone.shot('failed');
        stop();
        await phone.tap('重试');
        await phone.text('请核对以上信息').waitFor();
        await phone.leave();
    });

    await test('503 with Retry-After is waited for', async () => {
        const phone = await wechat.phone();

        await phone.enter(NUMBER);
        phone.on(/^GET certificate$/, {
            ...refusal(503, 'service_busy', '系统繁忙，请稍后再试'), header: { 'Retry-After': '1' }
        }, 1);
        await phone.tap('会员电子证书');
        await phone.text('请核对以上信息').waitFor();
        assert.equal(phone.requests(/^GET certificate$/).length, 2);
        await phone.leave();
    });

    await test('a Wi-Fi that answers everything itself: 200 with a web page is no answer', async () => {
        const phone = await wechat.phone();

        await phone.enter(NUMBER);

        const stop = phone.on(/^GET certificate$/, PORTAL);

        await phone.tap('会员电子证书');
        await phone.text('页面暂时无法显示').waitFor();
        assert.match(await phone.words(), /收到的内容无法识别，请检查网络（如需先登录的 Wi-Fi）后重试/);
        stop();
        await phone.tap('重试');
        await phone.text('请核对以上信息').waitFor();

        phone.on(/^GET certificate\.pdf/, PORTAL);
        await phone.tap('信息确认并下载会员证');
        assert.match(await phone.prompted(), /收到的内容无法识别/);
        assert.equal(phone.documents.length, 0, 'a web page is not opened as a certificate');
        await phone.press('确定');
        await phone.leave();
    });

    await test('double taps: one confirmation, one file', async () => {
        const phone = await certificate(wechat);

        await phone.page.evaluate(() => {
            const button = document.querySelector('.chief');

            for (let i = 0; i < 4; i += 1) {
                ['mousedown', 'mouseup'].forEach((type) =>
                    button.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: 9, clientY: 9 })));
            }
        });
        await phone.top.getByText(/会员证已下载/).waitFor();
        assert.equal(phone.requests(/^POST certificate/).length, 1);
        assert.equal(phone.requests(/^GET certificate\.pdf/).length, 1);
        assert.equal(phone.documents.length, 1);
        await phone.leave();
    });

    await test('S17 the network drops during the download: tried again, the file is whole', async () => {
        const phone = await certificate(wechat);

        phone.on(/^GET certificate\.pdf/, { error: 'ERR_NETWORK_CHANGED' }, 2);
        await phone.tap('信息确认并下载会员证');
        await phone.top.getByText(/会员证已下载/).waitFor();
        assert.ok((await pdfOf(demo.url, NUMBER)).equals(phone.documents[0].data));
        await phone.leave();
    });

    await test('the data changes between looking and pressing: to be looked at again, no file', async () => {
        const phone = await certificate(wechat);

        phone.on(/^POST certificate/, refusal(409, 'confirm_again', '信息已变更，请重新确认'), 1);
        await phone.tap('信息确认并下载会员证');
        await phone.text('信息已变更，请核对后再次点击【信息确认并下载会员证】。').waitFor();
        assert.equal(phone.documents.length, 0);
        await phone.leave();
    });

    await test('S17 a phone that cannot open the file says how to go on', async () => {
        const phone = await certificate(wechat);

        await phone.page.evaluate(() => {
            wx.openDocument = ({ fail }) => fail({ errMsg: 'openDocument:fail filetype not supported' });
        });
        await phone.tap('信息确认并下载会员证');
        await phone.text('手机未能打开文件，请点击【转发会员证文件】发送到其他设备查看。').waitFor();
        await phone.leave();
    });

    await test('I06 the session ends during the upload: log-in, back to the photo, nothing is lost', async () => {
        const phone = await uploadPage(wechat, demo.portrait(17));

        await endSession(phone, demo);
        await phone.top.locator('.send').click();
        await phone.at('login');
        assert.match(await phone.words(), /登录已过期，请重新登录/);
        assert.match(await phone.words(), /填写的内容不会丢失/);
        await phone.shot('expired');
        await phone.logIn(NUMBER);
        await phone.at('upload');
        await phone.text('已恢复您尚未上传的照片。').waitFor();
        assert.equal(await phone.top.locator('.declare [role=checkbox]').getAttribute('aria-checked'), 'true');

        await consent(phone);
        await phone.top.locator('.send').click();
        await phone.at('certificate');
        await phone.top.locator('.state.info').waitFor();
        assert.equal(phone.requests(/^PUT photo\?declare/).filter((one) => one.status < 300).length, 1);
        demo.ctl('photo', 'reject', demo.waitingPhotos()[0]);
        await phone.leave();
    });

    await test('I06 what another member had not sent is not shown to the next', async () => {
        const phone = await uploadPage(wechat, demo.portrait(17));

        await endSession(phone, demo);
        await phone.top.locator('.send').click();
        await phone.at('login');
        await phone.logIn('330000010004');
        await phone.at('upload');
        await phone.top.locator('.choose').waitFor();
        assert.equal(await phone.text('已恢复您尚未上传的照片。').count(), 0);
        assert.equal(await phone.top.locator('.send').count(), 0);
        await phone.leave();
    });

    await test('I06 the session ends while the form is filled in: it is filled in again', async () => {
        const phone = await wechat.phone();

        await phone.enter('330000010004');
        await phone.tap('基本信息');
        await phone.text('联系与工作信息').waitFor();
        await phone.field('工作单位').fill('写了一半的单位');
        await endSession(phone, demo);
        await phone.tap('保存并提交信息');
        await phone.at('login');
        await phone.logIn('330000010004');
        await phone.at('profile');
        await phone.text('已恢复您尚未保存的内容。').waitFor();
        assert.equal(await phone.field('工作单位').inputValue(), '写了一半的单位');
        await phone.leave();
    });

    await test('413 for an upload: words, the photo stays, it may be sent again', async () => {
        const phone = await uploadPage(wechat, demo.portrait(19));

        phone.on(/^PUT photo\?declare/, { status: 413, body: '<html></html>' }, 1);
        await phone.top.locator('.send').click();
        assert.match(await phone.prompted(), /照片文件过大，请重新选择或裁剪[\s\S]*咨询电话/);
        await phone.press('确定');
        assert.ok(await phone.top.locator('.result').isVisible());
        await phone.leave();
    });

    await test('no answer to an upload that arrived: it is not sent twice', async () => {
        const phone = await uploadPage(wechat, demo.portrait(19));

        phone.on(/^PUT photo\?declare/, async (request, n, send) => {
            await send(request);

            return { error: 'ERR_CONNECTION_RESET' };
        });
        await phone.top.locator('.send').click();
        await phone.at('certificate');
        await phone.top.locator('.state.info').waitFor();
        assert.equal(puts(phone), 1);
        demo.ctl('photo', 'reject', demo.waitingPhotos()[0]);
        await phone.leave();
    });

    await test('no answer to one that did not arrive: said, and it can be sent again', async () => {
        const phone = await uploadPage(wechat, demo.portrait(21));

        phone.on(/^PUT photo\?declare/, { error: 'timeout' }, 1);
        await phone.top.locator('.send').click();
        assert.match(await phone.prompted(), /网络超时，请稍后重试/);
        await phone.press('确定');
        await phone.top.locator('.send').dblclick();
        await phone.at('certificate');
        await phone.top.locator('.state.info').waitFor();
        assert.equal(puts(phone), 2);
        demo.ctl('photo', 'reject', demo.waitingPhotos()[0]);
        await phone.leave();
    });

    await test('the member leaves WeChat while a page loads: it is there on return', async () => {
        const phone = await wechat.phone();
        let held = true;

        await phone.enter(NUMBER);
        phone.on(/^GET certificate$/, async (request, n, send) => {
            while (held) {
                await new Promise((resolve) => { setTimeout(resolve, 50); });
            }

            return send(request);
        });
        await phone.tap('会员电子证书');
        await phone.page.waitForTimeout(200);
        await phone.page.evaluate(() => background());
        await phone.page.waitForTimeout(1500);

        const before = phone.requests(/^GET certificate$/).length;

        held = false;
        await phone.page.waitForTimeout(300);
        assert.equal(phone.requests(/^GET certificate$/).length, before, 'nothing is asked meanwhile');
        await phone.page.evaluate(() => foreground());
        await phone.text('请核对以上信息').waitFor();

        await quiet(phone);

        await phone.leave();
    });

    await test('I06 two phones: each its own session; what one uploads the other sees', async () => {
        const one = await certificate(wechat);
        const two = await certificate(wechat);

        await quiet(one);
        await quiet(two);

        await one.top.locator('.upload').click();
        await one.at('upload');
        await one.top.locator('.choose').waitFor();
        await choose(one, demo.portrait(23));
        await one.top.locator('.declare [role=checkbox]').click();
        await one.top.locator('.send').click();
        await one.at('certificate');
        await one.top.locator('.state.info').waitFor();
        await two.back();
        await two.tap('会员电子证书');
        await two.text('已转人工核验，所属注协将在2个工作日内处理').waitFor();
        await one.back();
        await one.at('home');
        await one.tap('退出登录');
        await one.at('login');
        await two.tap('信息确认并下载会员证');
        await two.top.getByText(/会员证已下载/).waitFor();
        demo.ctl('photo', 'reject', demo.waitingPhotos()[0]);
        await one.leave();
        await two.leave();
    });

    await test('WeChat\'s privacy question: who refuses is told what else works; who agrees goes on', async () => {
        const phone = await wechat.phone();

        phone.knowsPrivacy = false;
        await phone.enter(NUMBER);
        await phone.tap('会员电子证书');
        await phone.text('请核对以上信息').waitFor();

        await quiet(phone);

        await phone.top.locator('.upload').click();
        await phone.at('upload');
        await phone.top.locator('.choose').waitFor();
        await choose(phone, demo.portrait(25));
        await phone.text('用户隐私保护提示').waitFor();
        assert.equal(phone.asked.length, 0);
        await phone.shot('privacy-question');
        await phone.top.locator('wx-button').filter({ hasText: '不同意' }).click();
        assert.match(await phone.prompted(), /您未同意《用户隐私保护指引》，无法选择照片。您仍可使用其他功能/);
        await phone.press('确定');
        await choose(phone, demo.portrait(25));
        await phone.top.locator('wx-button').filter({ hasText: '同意并继续' }).click();
        await phone.text('照片符合要求，将原样上传。请阅读并勾选下面的声明。').waitFor();
        assert.equal(phone.asked.length, 1);
        await phone.leave();
    });

    await test('an institute that has set no address: said, not guessed', async () => {
        const phone = await wechat.phone({ host: '' });

        await phone.start();
        await phone.text('小程序尚未配置服务器地址，请联系协会').waitFor();
        assert.equal(phone.sent.length, 0);
        await phone.leave();
    });
};
