/*
 * What messages to members say, and the filling of their places.  UTF-8.
 *
 * Depends on base.  Constant; any thread.
 *
 * Short: each text of either language is to fit few short messages.  The
 * issuer in brackets comes first, as gateways in China ask for it.
 */

#include "mc_label.h"


#define text(zh, en)  { { zh, sizeof(zh) - 1 }, { en, sizeof(en) - 1 } }


const mc_label_message_t  mc_label_message[MC_LABEL_MESSAGES] = {

    /* code */
    { text("{issuer}：验证码",
           "{issuer}: verification code"),
      text("【{issuer}】您正在设置新密码，验证码 {code}，{minutes} 分钟内有效，"
           "请勿告诉他人。如非本人操作，请致电 {hotline}。",
           "{issuer}: {code} is your code for a new password, good for "
           "{minutes} minutes. Tell it to nobody. If you did not ask for "
           "it, call {hotline}.") },

    /* lookup */
    { text("{issuer}：会员编号与验证码",
           "{issuer}: membership number and verification code"),
      text("【{issuer}】您的会员编号 {member_no}，证书编号 {certificate_no}。"
           "设置密码的验证码 {code}，{minutes} 分钟内有效，请勿告诉他人。"
           "如非本人操作，请致电 {hotline}。",
           "{issuer}: your membership number is {member_no}, your "
           "certificate number {certificate_no}. {code} is your code for a "
           "password, good for {minutes} minutes. Tell it to nobody. If "
           "you did not ask for it, call {hotline}.") },

    /* changed */
    { text("{issuer}：密码已修改",
           "{issuer}: your password was changed"),
      text("【{issuer}】您的密码已于 {time} 修改。如非本人操作，请立即致电 "
           "{hotline}。",
           "{issuer}: your password was changed at {time}. If it was not "
           "you, call {hotline} at once.") },

    /* contact */
    { text("{issuer}：登记的联系方式已变更",
           "{issuer}: your contact details were changed"),
      text("【{issuer}】您登记的联系方式已于 {time} 变更。如非本人操作，请立即致电 "
           "{hotline}。",
           "{issuer}: the contact details on your record were changed at "
           "{time}. If it was not you, call {hotline} at once.") }
};


static mc_str_t
place_value(mc_str_t key, const mc_label_place_t *places, size_t count)
{
    size_t  i;

    for (i = 0; i < count; i++) {
        if (mc_str_is(key, places[i].key) && places[i].value.len > 0) {
            return places[i].value;
        }
    }

    return mc_str("-");
}


void
mc_label_fill(mc_str_t text, const mc_label_place_t *places, size_t count,
    mc_buf_t *out)
{
    mc_str_t     key;
    const char  *open, *close;

    for ( ;; ) {
        open = memchr(text.data, '{', text.len);
        close = open != NULL
                ? memchr(open, '}', text.len - (size_t) (open - text.data))
                : NULL;

        if (close == NULL) {
            (void) mc_buf_str(out, text);
            return;
        }

        key = (mc_str_t) { open + 1, (size_t) (close - open - 1) };

        (void) mc_buf_append(out, text.data, (size_t) (open - text.data));
        (void) mc_buf_str(out, place_value(key, places, count));

        text.len -= (size_t) (close + 1 - text.data);
        text.data = close + 1;
    }
}
