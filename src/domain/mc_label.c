/*
 * The institute's words.  A table of UTF-8 text and nothing else.
 *
 * Depends on base.  Constant; any thread.
 */

#include "mc_label.h"


#define text(zh, en)  { { zh, sizeof(zh) - 1 }, { en, sizeof(en) - 1 } }


const mc_text_t mc_label_fields[MC_LABEL_FIELDS] = {
    text("姓名", "Name"),
    text("性别", "Sex"),
    text("证书编号", "Certificate number"),
    text("会员类别", "Member category"),
    text("入会时间", "Date of admission"),
    text("所属注协", "Institute"),
    text("身份证号码", "ID number"),
    text("手机号码", "Mobile phone"),
    text("邮箱", "E-mail"),
    text("工作单位", "Employer"),
    text("通讯地址", "Address"),
    text("邮政编码", "Postcode")
};

const mc_text_t mc_label_certificate[7] = {
    text("姓名", "Name"),
    text("性别", "Sex"),
    text("会员类别", "Member category"),
    text("证书编号", "Certificate number"),
    text("会员编号", "Membership number"),
    text("入会时间", "Date of admission"),
    text("所属注协", "Institute")
};

const mc_text_t mc_label_status[4] = {
    text("正常", "Active"),
    text("暂停", "Suspended"),
    text("已退会", "Left"),
    text("已故", "Deceased")
};

const mc_text_t mc_label_standing[6] = {
    text("有效", "Valid"),
    text("已换发新证，本证不再有效", "Replaced by a newer certificate"),
    text("已撤销", "Revoked"),
    text("会员资格已终止", "The membership has ended"),
    text("会员资格已暂停", "The membership is suspended"),
    text("信息已删除，不再提供查询", "No longer available")
};

const mc_text_t mc_label_case[5] = {
    text("未同意自动比对，转人工核验",
         "No consent to automatic comparison: the institute looks at it"),
    text("系统无法确定，转人工核验",
         "The comparison was not sure: the institute looks at it"),
    text("没有可供比对的照片，转人工核验",
         "There is no photo to compare with: the institute looks at it"),
    text("照片无法比对，转人工核验",
         "The photo could not be compared: the institute looks at it"),
    text("用于比对的照片无法使用，转人工核验",
         "The photo on file could not be used: the institute looks at it")
};

const mc_text_t mc_label_male = text("男", "Male");
const mc_text_t mc_label_female = text("女", "Female");

const mc_text_t mc_label_nonpractising =
    text("非执业会员", "Non-practising member");
const mc_text_t mc_label_practising =
    text("注册会计师", "Certified public accountant");
const mc_text_t mc_label_review_time =
    text("2个工作日", "2 working days");
