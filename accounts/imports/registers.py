"""The department's registers by their columns, with the words that other departments write over the same columns."""

from kam.core.workbooks.headers import Column, Register

CLIENT_NAMES = (
    "单位名称",
    "客户单位",
    "客户全称",
    "单位全称",
    "公司名称",
    "企业名称",
    "客户",
    "单位",
    "名称",
    "client",
    "name",
)
CLIENT_NUMBERS = ("编号", "客户代码", "客户编码", "客户号", "单位编号", "档案编号", "代码", "number", "client number")
OWNERS = (
    "负责人",
    "大客户经理",
    "经理",
    "业务员",
    "业务经理",
    "责任人",
    "归属人",
    "跟进人",
    "销售经理",
    "外勤",
    "manager",
)
NOTES = ("说明", "备注说明", "其他说明", "附注", "其他", "注", "note", "remark", "remarks")
MOBILES = ("手机号", "手机号码", "移动电话", "联系手机", "手机电话", "mobile", "mobile phone")
LIMITS = (
    "授信额度", "额度", "授信", "信用限额", "授信金额", "信用额", "赊销额度", "限额", "credit limit",
)  # fmt: skip
TERMS = ("结算账期", "付款账期", "账期天数", "付款期限", "结算方式", "付款条件", "帐期", "信用期", "回款账期", "term")
CREDIT_CODES = (
    "信用代码", "社会信用代码", "统一信用代码", "统一社会信用码", "税号", "纳税人识别号", "营业执照号", "credit code",
)  # fmt: skip
BANKS = (
    "开户行账号", "开户银行及账号", "银行账号", "开户行及帐号", "银行账户", "账号", "开户信息", "对公账户",
    "bank account",
)  # fmt: skip
ADDRESSES = ("通信地址", "通讯地址", "联系地址", "单位地址", "办公地址", "详细地址", "address")
LIKINGS = ("爱好", "兴趣", "兴趣爱好", "个人喜好", "偏好", "忌口", "preferences")

CLIENTS = Register(
    "accounts.account",
    "客户档案",
    (
        Column("serial", "序号", ("行号", "no")),
        Column("number", "客户编号", CLIENT_NUMBERS),
        Column("name", "客户名称", CLIENT_NAMES, width=28),
        Column("short_name", "客户简称", ("简称", "short name")),
        Column("kind", "客户类别", ("类别", "客户类型", "类型", "客户性质", "客户分类", "性质", "kind")),
        Column("credit_code", "统一社会信用代码", CREDIT_CODES, width=22),
        Column("province", "省", ("省份", "所在省", "省市自治区", "所属省", "province")),
        Column("city", "市", ("城市", "所在市", "地市", "地级市", "所属市", "city")),
        Column("county", "区县", ("县", "区", "县区", "所在区县", "county")),
        Column(
            "address",
            "地址",
            ("通信地址", "通讯地址", "联系地址", "单位地址", "办公地址", "详细地址", "address"),
            width=32,
        ),
        Column("industry", "行业", ("所属行业", "行业类别", "行业分类", "industry")),
        Column("grade", "等级", ("客户级别", "客户等级", "级别", "分级", "客户分级", "grade")),
        Column("owner", "客户经理", OWNERS),
        Column("credit_limit", "信用额度", LIMITS, width=16),
        Column("term", "账期", TERMS),
        Column("bank", "开户行及账号", BANKS, width=32),
        Column("source", "客户来源", ("来源", "source")),
        Column("website", "网址", ("网站", "官网", "website"), width=22),
        Column("note", "备注", NOTES, width=32),
    ),
    needs=("name",),
    least=4,
    passed_over=("serial",),
)

CONTACTS = Register(
    "accounts.contact",
    "联系人",
    (
        Column("serial", "序号", ("行号", "no")),
        Column("number", "客户编号", tuple(word for word in CLIENT_NUMBERS if word != "编号")),
        Column("account", "客户名称", tuple(word for word in CLIENT_NAMES if word not in {"名称", "name"}), width=28),
        Column("name", "姓名", ("联系人", "联系人姓名", "人员姓名", "名字", "称呼", "contact", "name"), width=28),
        Column("gender", "性别", ("男女", "称谓", "gender")),
        Column("unit_name", "部门", ("所在部门", "科室", "处室", "所属部门", "部门科室", "department")),
        Column("post", "职务", ("职位", "岗位", "头衔", "职称", "title")),
        Column("mobile", "手机", MOBILES, width=16),
        Column("phone", "联系电话", ("电话", "联系方式", "电话号码", "phone")),
        Column("landline", "座机", ("固定电话", "办公电话", "固话", "单位电话", "电话座机", "landline"), width=20),
        Column("email", "邮箱", ("电子邮箱", "电子邮件", "邮件", "邮箱地址", "email", "e-mail"), width=26),
        Column("wechat", "微信", ("微信号", "wechat")),
        Column("birthday", "生日", ("出生日期", "生日日期", "出生年月", "出生年月日", "生辰", "birthday"), width=16),
        Column(
            "calendar", "生日历种", ("历种", "历法", "历别", "生日历法", "日历", "生日类型", "农历公历", "calendar")
        ),
        Column("role", "决策角色", ("角色", "决策作用", "role")),
        Column(
            "preferences", "喜好", ("爱好", "兴趣", "兴趣爱好", "个人喜好", "偏好", "忌口", "preferences"), width=20
        ),
        Column("note", "备注", NOTES, width=32),
    ),
    needs=("account|number", "name"),
    least=3,
    passed_over=("serial", "role"),
    not_yet=("role",),
)

_CLIENT = Column("account", "客户名称", tuple(word for word in CLIENT_NAMES if word not in {"名称", "name"}))
_OWNER = Column("owner", "客户经理", OWNERS)

NOT_YET = (
    Register(
        "visits.log",
        "走访日志",
        (
            Column("day", "日期", ("走访日期", "拜访日期", "时间")),
            Column("member", "走访人", ("拜访人", "走访人员")),
            _CLIENT,
            Column("contact", "受访人", ("被访人", "拜访对象")),
            Column("matter", "走访事项", ("拜访事项", "事项", "走访内容")),
            Column("opinion", "客户意见", ("意见", "客户反馈")),
            Column("handling", "处理情况", ("处理结果",)),
            Column("chance", "成功概率", ("概率",)),
        ),
        needs=("member",),
        least=4,
    ),
    Register(
        "quotations.quotation",
        "报价台账",
        (
            Column("number", "报价单号", ("报价编号",)),
            Column("day", "报价日期", ("报价时间",)),
            _CLIENT,
            Column("product", "产品", ("型号", "产品名称")),
            Column("quantity", "数量"),
            Column("price", "报价单价", ("报价", "单价")),
            Column("target", "客户目标价", ("目标价",)),
            Column("state", "状态"),
            _OWNER,
        ),
        needs=("number|price",),
        least=4,
    ),
    Register(
        "contracts.contract",
        "合同台账",
        (
            Column("number", "合同编号", ("合同号",)),
            _CLIENT,
            Column("kind", "合同类型", ("合同类别",)),
            Column("signed", "签订日期", ("签约日期", "合同日期")),
            Column("ends", "到期日期", ("到期日", "截止日期")),
            Column("amount", "合同金额", ("金额", "合同额")),
            Column("days", "账期天数", ("账期",)),
            _OWNER,
            Column("state", "状态", ("合同状态",)),
        ),
        needs=("number", "amount|signed"),
        least=4,
    ),
    Register(
        "contracts.shipment",
        "发货开票台账",
        (
            Column("order", "客户采购单号", ("采购单号",)),
            Column("own_order", "公司订单号", ("订单号", "销售订单号")),
            Column("contract", "合同编号", ("合同号",)),
            _CLIENT,
            Column("warehouse", "客户仓库编码", ("仓库编码", "仓库")),
            Column("model", "型号", ("产品", "产品型号")),
            Column("sent", "发货数量", ("数量", "发货量")),
            Column("received", "实收数量", ("收货数量",)),
            Column("receipt", "入库单号", ("收货单号",)),
            Column("received_on", "收货日期"),
            Column("invoice", "发票号码", ("发票号",)),
            Column("price", "含税单价", ("单价",)),
            Column("gross", "价税合计", ("含税金额",)),
            Column("tax", "税额"),
        ),
        needs=("order|own_order|invoice",),
        least=5,
    ),
    Register(
        "contracts.payment",
        "回款台账",
        (
            Column("day", "到账日期", ("回款日期", "收款日期")),
            _CLIENT,
            Column("amount", "金额", ("回款金额", "到账金额", "收款金额")),
            Column("method", "方式", ("付款方式", "回款方式", "结算方式")),
            Column("invoice", "对应发票", ("发票号码", "发票号")),
            Column("text", "摘要", ("备注", "用途")),
        ),
        needs=("day", "amount"),
        least=3,
    ),
)
