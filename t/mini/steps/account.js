'use strict';

/* 忘记密码？ (S11, I04), new members (S03), a password that has to be changed. */

const fs = require('node:fs');
const path = require('node:path');

const WHO = { number: '330000010006', name: '许可', id: '330304199510202219' };
const FRESH = 'a fresh pass-phrase 2026';
const WAIT_MS = 10000;

/* Messages of the outbox's folder, oldest first. */
function messages(demo) {
    const folder = demo.file('outbox');

    return fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.json'))
        .map((name) => path.join(folder, name))
        .sort((a, b) => fs.statSync(a).mtimeMs - fs.statSync(b).mtimeMs)
        .map((file) => JSON.parse(fs.readFileSync(file, 'utf8'))) : [];
}

async function message(demo, kind, past) {
    for (const end = Date.now() + WAIT_MS; Date.now() < end;) {
        const found = messages(demo).filter((one) => one.kind === kind);

        if (found.length > past) {
            return found.at(-1);
        }

        await new Promise((resolve) => { setTimeout(resolve, 100); });
    }

    throw new Error(`no message ${kind}`);
}

const count = (demo, kind) => messages(demo).filter((one) => one.kind === kind).length;

async function identify(phone, { number, name, id }) {
    if (number) {
        await phone.field('会员编号').fill(number);
    }

    await phone.field('姓名').fill(name);
    await phone.field('身份证件号码').fill(id);
    await phone.prove();
    await phone.tap('发送验证码');
    await phone.field('验证码').waitFor();
}

async function setPassword(phone, password, again = password) {
    await phone.field('新密码').fill(password);
    await phone.field('再次填写新密码').fill(again);
    await phone.tap('保存新密码');
}

module.exports = async ({ assert, demo, test, wechat }) => {
    await test('S11 I04 I05 an empty password: identify, code, new password, log-in', async () => {
        const phone = await wechat.phone();

        await phone.start();
        await phone.logIn(WHO.number, { password: 'anything at all' });
        await phone.text('用户名密码错误').waitFor();
        await phone.text('忘记密码？').click();
        await phone.at('forgot');
        await phone.shot('forgot-who');
        await phone.tap('发送验证码');
        assert.match(await phone.words(), /请填写会员编号[\s\S]*请填写姓名[\s\S]*请填写身份证件号码/);

        const past = count(demo, 'code');

        await identify(phone, WHO);
        assert.match(await phone.words(), /如果信息一致，验证码已发送至您登记的手机短信，10 分钟内有效。/);
        await phone.shot('forgot-code');

        const { params } = await message(demo, 'code', past);

        await phone.field('验证码').fill(params.code);
        await phone.tap('下一步');
        await setPassword(phone, 'short', 'shorter');
        await phone.text('两次填写的密码不一致').waitFor();
        await setPassword(phone, 'short');
        await phone.top.locator('.fld-fault').first().waitFor();
        assert.match(await phone.words(), /密码/);
        await phone.shot('forgot-new');
        await setPassword(phone, FRESH);
        assert.match(await phone.prompted(), /密码已重置[\s\S]*其他设备上的登录已全部退出/);
        await phone.press('确定');
        await phone.at('login');
        assert.match(await phone.words(), /新密码已设置，请登录/);
        await phone.logIn(WHO.number, { password: FRESH });
        await phone.at('home');
        await phone.leave();
    });

    await test('I04 a wrong code, and data that fits nobody, look alike and lead on', async () => {
        const phone = await wechat.phone();

        await phone.start();
        await phone.text('忘记密码？').click();
        await phone.at('forgot');

        const past = count(demo, 'code');

        await identify(phone, { ...WHO, id: '330304199510202200' });
        assert.match(await phone.words(), /如果信息一致，验证码已发送/);
        await phone.field('验证码').fill('00000000');
        await phone.tap('下一步');
        await setPassword(phone, FRESH);
        await phone.top.locator('.notice.bad').waitFor();
        assert.equal(await phone.field('验证码').count(), 1, 'back at the code');
        assert.equal(count(demo, 'code'), past);
        await phone.tap('重新核实身份');
        assert.equal(await phone.field('姓名').inputValue(), '许可', 'what was typed stays');
        await phone.leave();
    });

    await test('S03 a new member learns number and certificate number, and sets a password', async () => {
        const phone = await wechat.phone();

        await phone.start();
        await phone.text('新入会会员查询').click();
        await phone.at('forgot');

        const past = count(demo, 'lookup');

        await identify(phone, { name: WHO.name, id: WHO.id });

        const { params } = await message(demo, 'lookup', past);

        assert.equal(params.member_no, WHO.number);
        await phone.field('验证码').fill(params.code);
        await phone.tap('下一步');
        await setPassword(phone, `${FRESH} again`);
        assert.match(await phone.prompted(), /密码已重置/);
        await phone.press('确定');
        await phone.logIn(WHO.number, { password: `${FRESH} again` });
        await phone.at('home');
        await phone.leave();
    });

    await test('S12 a code of the institute sets a new password', async () => {
        const phone = await wechat.phone();
        const [code] = /[0-9A-HJKMNP-TV-Z]{5}(?:-[0-9A-HJKMNP-TV-Z]{5}){4}/.exec(demo.ctl('member', 'activate', WHO.number));

        await phone.start();
        await phone.text('忘记密码？').click();
        await phone.at('forgot');
        await phone.tap('我有协会提供的验证码');
        await phone.field('会员编号').fill(WHO.number);
        await phone.field('验证码').fill(code.toLowerCase());
        await phone.tap('下一步');
        await setPassword(phone, `${FRESH} from the institute`);
        assert.match(await phone.prompted(), /密码已重置/);
        await phone.press('确定');
        await phone.logIn(WHO.number, { password: `${FRESH} from the institute` });
        await phone.at('home');
        await phone.leave();
    });

    await test('X04 a password the institute set has to be changed before anything else', async () => {
        const { execFileSync } = require('node:child_process');
        const { TOP } = require('../../web/lib/demo.js');
        const phone = await wechat.phone();

        execFileSync(path.join(TOP, 'build/membercertctl'),
            ['-c', demo.file('nginx.conf'), 'member', 'passwd', WHO.number],
            { input: 'given by the institute\n', env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
        await phone.start();
        await phone.logIn(WHO.number, { password: 'given by the institute' });
        await phone.at('password');
        assert.match(await phone.words(), /请先设置新密码/);
        await phone.shot('password');
        await phone.field('原密码').fill('not this one at all');
        await setPassword(phone, 'my own words of today');
        await phone.top.locator('.fld-fault').first().waitFor();
        await phone.field('原密码').fill('given by the institute');
        await phone.tap('保存新密码');
        assert.match(await phone.prompted(), /密码已修改/);
        await phone.press('确定');
        await phone.at('home');
        await phone.tap('会员电子证书');
        await phone.at('certificate');
        await phone.text('请核对以上信息').waitFor();
        await phone.leave();
    });

    await test('S11 a site that sends no codes: hot line, contacts, and the institute\'s code', async () => {
        const phone = await wechat.phone();

        phone.on(/^GET site/, async (request, n, send) => {
            const answer = await send(request);

            return { json: { ...JSON.parse(Buffer.from(answer.body, 'base64')), recovery: false } };
        });
        await phone.start();
        await phone.text('忘记密码？').click();
        await phone.at('forgot');
        await phone.text('各地注册会计师协会联系方式').waitFor();
        assert.match(await phone.words(), /浙江省注册会计师协会[\s\S]*0571-88250337/);
        await phone.tap('我有协会提供的验证码');
        assert.equal(await phone.field('会员编号').count(), 1);
        await phone.leave();
    });
};
