"""Visits of the last two months: in time and late, handled and not, with next steps done, due and overdue."""

import io
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import Account, Contact
from kam.approvals.choices import Outcome, StepStatus
from kam.approvals.models import RequestStep
from kam.approvals.services import request_decide
from kam.core.calendar import last_working_day_on_or_before
from kam.core.scoping import allowed
from kam.people.models import Member
from visits.models import VisitLog, VisitPlan
from visits.services import (
    next_step_done,
    plan_line_add,
    plan_open,
    plan_submit,
    visit_log_file,
    visit_log_handle,
)


class Made(NamedTuple):
    """One visit: `days` ago, filed `later` days after; `step` is due `due` days from today."""

    client: str
    days: int
    matters: str
    said: str
    result: str = ""
    step: str = ""
    due: int = 0
    later: int = 0
    by: str = ""
    companion: str = ""


VISITS = (
    Made(
        "恒泽连锁商业",
        46,
        "三季度供货回顾",
        "空调到货比约定晚了两天，门店有意见。",
        "约定周一前报在途清单",
        "每周一发在途清单",
    ),
    Made("恒泽连锁商业", 18, "年货备货量", "12 月想备 24 万元，希望额度跟上。", "先报额度再排产", "提交额度变更", -3),
    Made(
        "恒泽连锁商业",
        4,
        "东郊店陈列",
        "柜机样机少一台，活动海报要早到。",
        "样机本周调拨",
        "确认样机到店",
        0,
        companion="xuzhixia",
    ),
    Made("新禾农贸连锁", 33, "冷藏柜故障率", "两家店的压缩机报修超过三次。", "整理报修单交售后", "售后排查结果", -9),
    Made("新禾农贸连锁", 9, "冬季旺季计划", "新增两家门店，要 12 台小型冷藏柜。", "口头同意单价", "报价单发采购部", 2),
    Made("永嘉轴承制造", 40, "框架合同续签", "采购量可上调三成，账期想延到 60 天。", "账期要报批", "送续签草案", -20),
    Made("永嘉轴承制造", 12, "6208 轴承交付", "质检要每批附检测报告。", "从下批起附报告", "首批报告送质检", 5),
    Made("德润医药", 27, "季度结算方式", "改按季结算，财务已同意。", "额度同步下调", later=6),
    Made("安澜供热", 21, "计量表安装进度", "北区还有 60 户没有进户。", "周末集中安装", "报安装进度", 1),
    Made("安澜供热", 6, "供热季保障", "希望有固定的联系人值守。", "指定罗嘉禾", "值守表发客户", 3, later=4),
    Made("云岭图书馆", 52, "数字资源续订", "读者使用率要出报告。", "导出半年数据", "送使用报告"),
    Made("云岭图书馆", 15, "馆藏数字化", "古籍部分不能出馆，要驻场加工。", "测算驻场费用", "驻场方案", 7),
    Made("明德中学", 30, "教辅征订", "初三年级要提前一周到书。", "已排第一批"),
    Made("宏砚模具", 8, "新模具项目", "投产后月均进货增加一倍。", "先按月滚动计划", "客户给滚动计划", -1),
    Made("知微书店", 3, "新学期备货", "绘本卖得好，想要铺底货。", "按季结算可以谈", "铺底方案", 4),
    Made("鼎晟电器", 2, "春节促销", "促销机型希望统一价。", "等总部政策", "政策下来告知客户", 6),
)
HANDLED_BEFORE = 20
"""Days after which a visit has been through its month-end review."""
HANDLING = (
    ("已转售后，三天内排查。", "跟紧，下次走访带结果。"),
    ("已与采购核对，按约定执行。", ""),
    ("账期按制度报批。", "不要口头答应账期。"),
)


class Planned(NamedTuple):
    """One visit of a plan, on the `day`-th of its month."""

    by: str
    client: str
    day: int
    matters: str
    opportunity: str = ""
    amount: int = 0
    probability: int | None = None


PLANNED = (
    Planned("luyining", "恒泽连锁商业", 3, "年货到货与陈列", "柜机追加", 240_000, 70),
    Planned("luyining", "德润医药", 8, "按季结算协议"),
    Planned("luyining", "云岭图书馆", 10, "驻场加工方案", "馆藏数字化二期", 180_000, 40),
    Planned("luyining", "恒泽连锁商业", 17, "春节促销统一价", "", 0, None),
    Planned("zhoumuye", "安澜供热", 4, "值守与抢修流程"),
    Planned("zhoumuye", "宏砚模具", 9, "月度滚动计划", "新模具项目供货", 320_000, 60),
    Planned("zhoumuye", "永嘉轴承制造", 16, "续签草案", "年度框架", 680_000, 80),
    Planned("fangjincheng", "鼎晟电器", 2, "促销机型备货", "春节档期", 150_000, 55),
    Planned("fangjincheng", "明德中学", 11, "教辅征订"),
    Planned("luojiahe", "知微书店", 15, "铺底方案", "绘本铺底", 30_000, 50),
)


def load_plans(clients: dict[str, Account], members: dict[str, Member], *, at: datetime) -> None:
    """Next month's plans: approved with a line returned, waiting, returned as a whole, and one still being written."""
    month = (timezone.localdate(at).replace(day=1) + timedelta(days=32)).replace(day=1)
    plans: dict[str, VisitPlan] = {}
    for planned in PLANNED:
        actor, account = members[planned.by], clients[planned.client]
        if not allowed(actor, account, "change"):
            continue
        plan = plans.setdefault(planned.by, plan_open(actor=actor, month=month, now=at - timedelta(days=4)))
        people = Contact.objects.for_system().filter(account=account, left_on__isnull=True).order_by("-is_key", "pk")
        data = {
            "on": month.replace(day=planned.day),
            "begins": time(9 + planned.day % 7),
            "contacts": [person.pk for person in people[:2]],
            "matters": planned.matters,
            "opportunity": planned.opportunity,
            "opportunity_amount": Decimal(planned.amount) if planned.amount else None,
            "probability": planned.probability,
        }
        plan_line_add(plan_pk=plan.pk, account_pk=account.pk, actor=actor, data=data, now=at - timedelta(days=4))
    for username in ("luyining", "zhoumuye", "fangjincheng"):
        if username in plans:
            _decide(plans[username], username, members, at)


def _decide(plan: VisitPlan, username: str, members: dict[str, Member], at: datetime) -> None:
    request = plan_submit(plan_pk=plan.pk, actor=members[username], now=at - timedelta(days=3))
    if username == "zhoumuye":
        return
    step = RequestStep.objects.for_system().get(request=request, progress=StepStatus.CURRENT)
    lines = request.snapshot["lines"]
    is_partly = username == "luyining" and len(lines) > 1
    request_decide(
        request_pk=request.pk,
        step_pk=step.pk,
        seen_revision=request.revision,
        actor=members["shenyanqing"],
        outcome=Outcome.APPROVE if is_partly else Outcome.RETURN,
        comment="" if is_partly else "写明每次要谈的结果，再报。",
        returned_lines={str(lines[-1]["id"]): "与 3 日并作一次。"} if is_partly else {},
        now=at - timedelta(days=2),
    )


def load_visits(clients: dict[str, Account], members: dict[str, Member], *, at: datetime) -> None:
    """File the visits as their managers would have, oldest first, then review those of older days."""
    logs = [_file(made, clients[made.client], members, at) for made in sorted(VISITS, key=lambda made: -made.days)]
    on = timezone.localdate(at)
    for number, log in enumerate(log for log in logs if (on - log.on).days > HANDLED_BEFORE):
        handling, comment = HANDLING[number % len(HANDLING)]
        reviewed_at = at - timedelta(days=HANDLED_BEFORE - 2)
        visit_log_handle(log_pk=log.pk, actor=members["heyun"], handling=handling, comment=comment, now=reviewed_at)
        if log.next_step and log.next_on is None:
            next_step_done(log_pk=log.pk, actor=log.visitor, on=on - timedelta(days=5))


def _file(made: Made, account: Account, members: dict[str, Member], at: datetime) -> VisitLog:
    today = timezone.localdate(at)
    on = last_working_day_on_or_before(today - timedelta(days=made.days))
    filed_on = min(on + timedelta(days=made.later), today)
    people = Contact.objects.for_system().filter(account=account, left_on__isnull=True).order_by("-is_key", "pk")
    met = [person.pk for person in people[:2]]
    account.refresh_from_db()
    owner = account.owner or members["luyining"]
    return visit_log_file(
        account_pk=account.pk,
        actor=owner,
        data={
            "on": on,
            "begins": time(9 + made.days % 6, 30),
            "place": "客户办公室" if made.days % 3 else "门店",
            "contacts": met,
            "others_met": "" if met else "值班经理",
            "companions": [members[made.companion].pk] if made.companion else [],
            "matters": made.matters,
            "said": made.said,
            "result": made.result,
            "next_step": made.step,
            "next_on": today + timedelta(days=made.due) if made.due or made.step == "确认样机到店" else None,
        },
        photos=[_picture(made.client)] if made.days < 10 else [],
        now=timezone.make_aware(datetime.combine(filed_on, time(17, 40))),
    )


def _picture(name: str) -> SimpleUploadedFile:
    picture = Image.new("RGB", (800, 600), (236, 233, 222))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 220, 740, 560), fill=(214, 208, 190))
    draw.rectangle((60, 150, 740, 230), fill=(47, 74, 158))
    for left in (110, 330, 550):
        draw.rectangle((left, 290, left + 140, 560), fill=(170, 186, 200))
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=80)
    return SimpleUploadedFile(f"{name}.jpg", target.getvalue(), "image/jpeg")
