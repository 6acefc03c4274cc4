"""What the description of the advisor's API shows, about the made-up programme of the catalogue."""

from applicant_portal.finder.api_examples import BRIEF, no_such_language
from applicant_portal.kit.described import Exchange, exchanges
from applicant_portal.kit.errors import told_problem

QUESTIONNAIRE = exchanges(
    Exchange(
        "in-english",
        200,
        "Every question, in English.",
        {
            "questions": [
                {
                    "id": "security",
                    "section": "task",
                    "given_under": "answers",
                    "kind": "one",
                    "text": "Finding weak spots in security",
                    "example": "For example: check whether a site can be entered with someone’s password, "
                    "and say how to close the hole.",
                    "answers": [
                        {"value": "like_can", "text": "I like it and can do it"},
                        {"value": "no", "text": "Not for me"},
                    ],
                    "asked_when": None,
                },
                {
                    "id": "background",
                    "section": "person",
                    "given_under": "answers",
                    "kind": "many",
                    "text": "What have you done so far?",
                    "example": "Several are fine. Earlier experience counts in IT too.",
                    "answers": [{"value": "teaching", "text": "Teaching"}],
                    "asked_when": {"who": [None, "career", "student"]},
                },
            ]
        },
        {"lang": "en"},
    ),
    no_such_language(),
)
RECOMMENDATIONS = exchanges(
    Exchange(
        "ranked",
        200,
        "Two tasks that are liked, and two facts.",
        {
            "direction": None,
            "areas": ["security", "networks"],
            "eligible": 262,
            "relaxation": None,
            "beyond": [],
            "paths": [
                {
                    "rank": 1,
                    "listing": BRIEF,
                    "score": 3.48,
                    "terms": [
                        {"code": "network", "question": "network", "contribution": 0.96},
                        {"code": "security", "question": "security", "contribution": 1.77},
                        {"code": "money:known", "question": "money", "contribution": 0.3},
                        {"code": "education", "question": "education", "contribution": 0.4},
                        {"code": "age", "question": None, "contribution": 0.05},
                    ],
                    "reasons": [
                        {
                            "code": "security",
                            "text": "It uses what you like and can do: finding weak spots in security",
                            "source": "your answer “I like it and can do it”",
                            "question": "security",
                            "contribution": 1.77,
                        }
                    ],
                    "against": [],
                    "counterfactual": {
                        "question": "network",
                        "answer": ["no"],
                        "rank": None,
                        "text": "It would leave the list if your answer to “mending connections and "
                        "networks” were “Not for me”.",
                    },
                }
            ],
        },
        body={
            "answers": {"security": "like_can", "network": "like"},
            "facts": {"education": "school_11", "money": "50000"},
            "lang": "en",
        },
    ),
    Exchange(
        "no-such-answer",
        422,
        "An answer that the question does not have.",
        told_problem(
            422,
            "The answers could not be read.",
            [
                {
                    "field": "answers.security",
                    "message": "There is no such answer. Allowed: the answers of this question.",
                }
            ],
        ),
        body={"answers": {"security": "perhaps"}, "lang": "en"},
    ),
)
