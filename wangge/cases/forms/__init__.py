"""One small form for each step; `FORMS` finds it by the step's verb."""

from wangge.cases.forms import cases, confidence, joining, rechecks, reports, requests, supervision, units
from wangge.cases.forms.base import StepForm

__all__ = ["FORMS", "StepForm"]

FORMS: dict[str, type[StepForm]] = {
    form.step.verb: form
    for form in (
        reports.VerifyForm,
        reports.FindForm,
        reports.AnswerForm,
        reports.DeclineForm,
        reports.JoinForm,
        reports.FileForm,
        reports.CorrectReportForm,
        joining.SplitForm,
        joining.VoidReportForm,
        cases.DispatchForm,
        cases.RecallForm,
        cases.AcceptForm,
        cases.SendBackForm,
        cases.FinishForm,
        cases.RequestCheckForm,
        cases.PassForm,
        cases.FailForm,
        cases.CloseForm,
        cases.ReopenForm,
        confidence.HideReportForm,
        confidence.HideCaseForm,
        confidence.NameHandlersForm,
        rechecks.RefuseReopenForm,
        rechecks.AskRecheckForm,
        rechecks.PassRecheckForm,
        rechecks.FailRecheckForm,
        cases.CorrectCaseForm,
        cases.CommentForm,
        joining.MergeForm,
        units.ForwardForm,
        units.AskHelpForm,
        units.GiveHelpForm,
        units.ArbitrateForm,
        units.HandUpForm,
        units.HandDownForm,
        requests.AskExtensionForm,
        requests.ExtendForm,
        requests.RefuseExtensionForm,
        requests.AskSuspensionForm,
        requests.SuspendForm,
        requests.RefuseSuspensionForm,
        requests.ResumeForm,
        requests.AskVoidForm,
        requests.VoidForm,
        requests.RefuseVoidForm,
        supervision.SuperviseForm,
        supervision.ReplyForm,
        supervision.EndForm,
    )
}
