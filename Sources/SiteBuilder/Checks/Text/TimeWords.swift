/// What tells a sentence about what comes from one about what was, in the languages of the sites.
enum TimeWords {
    /// The sentence speaks of something that is to come.
    static let coming = Phrases([
        "en": [
            "will", "we'll", "you'll", "it'll", "they'll", "is coming", "are coming", "coming up", "coming soon", "upcoming", "join us",
            "please join", "save the date", "save the dates", "the next", "our next", "next up", "next meeting", "next event", "don't miss",
            "mark your calendar", "mark your calendars", "see you on", "see you at", "see you there", "sign up by", "sign up before", "register by",
            "register before", "rsvp by", "rsvp", "order by", "due by", "due on", "is due", "are due", "deadline is", "the deadline", "last day to",
            "is on", "takes place on", "take place on", "starts on", "begins on", "opens on", "scheduled for", "planned for", "come to our",
            "come join", "please come", "is happening", "happening on", "get ready for", "looking forward to", "mark the date",
        ],
        "es": [
            "será", "serán", "habrá", "se llevará a cabo", "tendrá lugar", "se realizará", "se celebrará", "comenzará", "empezará", "acompáñanos",
            "acompáñenos", "próximo", "próxima", "próximos", "próximas", "te esperamos", "los esperamos", "las esperamos",
            "le esperamos", "aparta la fecha", "aparten la fecha", "reserva la fecha", "reserve la fecha", "no te pierdas", "no se pierda",
            "no se lo pierdan", "inscríbete antes", "fecha límite", "a más tardar", "nos vemos el", "ven a", "vengan a", "tendremos", "vamos a",
        ],
        "zh-Hans": ["将", "即将", "下一次", "下次", "敬请", "欢迎参加", "诚邀", "届时", "请于", "截止", "报名截止", "快来", "不要错过"],
        "vi": [
            "sẽ", "sắp tới", "sắp diễn ra", "hãy tham gia", "hãy đến", "lần tới", "kế tiếp", "hạn chót", "xin mời", "mời quý", "đừng bỏ lỡ",
            "tiếp theo",
        ],
        "ko": ["예정", "다가오는", "다음 모임", "다음 회의", "다음 행사", "열립니다", "열릴", "개최됩니다", "있겠습니다", "참석해 주세요", "참여해 주세요", "오세요", "마감", "놓치지"],
        "ru": [
            "состоится", "состоятся", "будет", "будут", "пройдёт", "пройдет", "пройдут", "приглашаем", "ждём", "ждем", "следующее", "следующая",
            "следующий", "предстоящ*", "ближайш*", "не пропустите", "приходите", "начнётся", "начнется",
        ],
        "ar": [
            "سوف", "القادم", "القادمة", "المقبل", "المقبلة", "سيعقد", "ستعقد", "سيقام", "ستقام", "سيكون", "ستكون", "انضموا", "ندعوكم", "آخر موعد",
            "لا تفوتوا", "سنلتقي",
        ],
        "fr": [
            "sera", "seront", "aura lieu", "auront lieu", "se tiendra", "se tiendront", "commencera", "prochain", "prochaine", "prochains",
            "prochaines", "à venir", "rejoignez-nous", "venez", "réservez la date", "date limite", "ne manquez pas", "inscrivez-vous avant",
            "rendez-vous le", "nous vous attendons",
        ],
    ])

    /// Headings above lists of what is to come.
    static let comingHeadings = Phrases([
        "en": [
            "coming up", "upcoming", "save the date", "save the dates", "what's next", "what is next", "next events", "next meeting", "next meetings",
            "what is coming",
        ],
        "es": ["próximo", "próxima", "próximos", "próximas", "lo que viene", "aparta la fecha"],
        "zh-Hans": ["即将", "近期", "下一次"],
        "vi": ["sắp tới", "sắp diễn ra"],
        "ko": ["다가오는", "예정", "다음"],
        "ru": ["предстоящ*", "ближайш*", "скоро"],
        "ar": ["القادم", "القادمة", "المقبلة", "قريبا"],
        "fr": ["à venir", "prochain", "prochaine", "prochains", "prochaines"],
    ])

    /// The sentence speaks of what was, or of when the text was made.
    static let past = Phrases([
        "en": [
            "was", "were", "had", "did", "met", "took place", "decided", "voted", "thank you", "thanks", "ago", "since", "founded", "began",
            "started", "opened", "closed", "adopted", "approved", "elected", "updated", "revised", "posted", "effective", "as of", "last year",
            "last year's", "last month", "last week", "last spring", "last fall", "previous", "previously", "history", "report", "minutes of",
            "minutes from", "archive", "came", "raised", "won", "gave", "went", "until now", "expired", "ended", "over", "in the past", "used to",
            "wrote", "written", "paid for", "funded", "awarded", "recap", "in review", "looking back", "highlights of", "checked", "reviewed",
            "signed", "accepted", "has been", "have been",
        ],
        "es": [
            "fue", "fueron", "era", "hubo", "tuvo", "tuvimos", "se realizó", "se celebró", "gracias", "desde", "hace", "decidimos", "votamos",
            "votaron", "aprobó", "aprobaron", "actualizado", "actualizada", "el año pasado", "anterior", "anteriores", "historia", "informe", "acta",
            "empezó", "comenzó", "terminó", "vinieron", "pasado", "pasada", "revisado", "pagamos", "pagó", "financiamos", "resumen de",
        ],
        "zh-Hans": ["去年", "上一", "已经", "感谢", "举行了", "完成了", "更新于", "过去", "曾", "历史", "报告"],
        "vi": ["đã", "năm ngoái", "năm trước", "cảm ơn", "cập nhật", "lịch sử", "báo cáo", "trước đây"],
        "ko": ["했습니다", "였습니다", "었습니다", "았습니다", "났습니다", "졌습니다", "왔습니다", "작년", "지난", "감사", "업데이트", "보고서"],
        "ru": [
            "был", "была", "было", "были", "прошёл", "прошел", "прошла", "прошло", "состоялось", "состоялся", "состоялась", "спасибо", "прошлый",
            "прошлом", "прошлого", "обновлено", "отчёт", "отчет",
        ],
        "ar": ["كان", "كانت", "الماضي", "الماضية", "شكرا", "منذ", "تم", "عقد", "تقرير"],
        "fr": [
            "était", "étaient", "a été", "ont été", "a eu lieu", "merci", "depuis", "il y a", "dernier", "dernière", "mis à jour", "mise à jour",
            "rapport", "précédent", "précédente",
        ],
    ])

    /// The day comes again each year or month, so a day without a year is never over.
    static let recurring = Phrases([
        "en": ["every", "each", "yearly", "annually", "always", "usually", "normally", "typically", "most years"],
        "es": ["cada", "todos los", "todas las", "siempre", "normalmente", "anualmente"],
        "zh-Hans": ["每年", "每月", "每周", "通常"],
        "vi": ["hàng năm", "mỗi", "hằng năm", "thường"],
        "ko": ["매년", "매월", "매주", "항상", "보통"],
        "ru": ["каждый", "каждую", "каждое", "ежегодно", "обычно", "всегда"],
        "ar": ["كل", "سنويا", "عادة", "دائما"],
        "fr": ["chaque", "tous les", "toutes les", "toujours", "d'habitude", "généralement"],
    ])

    /// What a school year beside it makes a statement about now.
    static let current = Phrases([
        "en": [
            "this year", "this year's", "current", "currently", "now", "our board", "board members", "officers", "your board", "membership",
            "memberships", "dues", "join", "membership form", "calendar", "schedule", "register", "registration", "sign up", "welcome", "budget for",
            "handbook", "executive board", "committee chairs", "we are", "meet the",
        ],
        "es": [
            "este año", "actual", "mesa directiva", "membresía", "cuota", "únete", "calendario", "inscripción", "inscripciones", "bienvenidos",
            "horario",
        ],
        "zh-Hans": ["今年", "本学年", "理事会", "会员", "会费", "加入", "日历", "现任", "欢迎"],
        "vi": ["năm nay", "hiện tại", "ban điều hành", "hội viên", "thành viên", "lệ phí", "lịch", "đăng ký"],
        "ko": ["올해", "현재", "임원", "회원", "회비", "가입", "일정", "등록"],
        "ru": ["в этом году", "этого года", "текущ*", "правление", "членств*", "взнос*", "календарь", "вступ*"],
        "ar": ["هذا العام", "الحالي", "الحالية", "مجلس", "العضوية", "رسوم", "انضم", "التقويم", "التسجيل"],
        "fr": ["cette année", "actuel", "actuelle", "bureau", "adhésion", "cotisation", "calendrier", "inscription", "bienvenue"],
    ])
}
