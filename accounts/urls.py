"""Addresses of the client dossier."""

from django.urls import path

from accounts.lists import AccountList
from accounts.views import account, asking, bulk, contacts, detail, header_words, imports, parts, sharing
from accounts.views.suggest import account_suggest

app_name = "accounts"
urlpatterns = [
    path("", AccountList.as_view(), name="account_list"),
    path("new/", account.AccountCreate.as_view(), name="account_create"),
    path("assign/", bulk.AccountsAssign.as_view(), name="accounts_assign"),
    path("assigned/<int:pk>/", bulk.assignment, name="assignment"),
    path("assigned/<int:pk>/undo/", bulk.AssignmentUndo.as_view(), name="assignment_undo"),
    path("suggest/", account_suggest, name="account_suggest"),
    path("import/", imports.import_list, name="import_list"),
    path("import/upload/", imports.import_upload, name="import_upload"),
    path("import/export/", imports.import_export, name="import_export"),
    path("import/template/", imports.import_template, name="import_template"),
    path("import/words/", header_words.HeaderWordPage.as_view(), name="header_words"),
    path("import/words/<int:pk>/remove/", header_words.HeaderWordRemove.as_view(), name="header_word_remove"),
    path("import/<int:pk>/", imports.import_detail, name="import_detail"),
    path("import/<int:pk>/file/", imports.import_file, name="import_file"),
    path("import/<int:pk>/left-out/", imports.import_left_out, name="import_left_out"),
    path("import/<int:pk>/decide/", imports.import_decide_rows, name="import_decide"),
    path("import/<int:pk>/match/", imports.import_members, name="import_match"),
    path("import/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("import/<int:pk>/<slug:act>/", imports.import_act, name="import_act"),
    path("<int:pk>/edit/", account.AccountEdit.as_view(), name="account_edit"),
    path("<int:pk>/assign/", account.AccountAssign.as_view(), name="account_assign"),
    path("<int:pk>/grade/", account.AccountGrade.as_view(), name="account_grade"),
    path("<int:pk>/status/", account.AccountStatusPage.as_view(), name="account_status"),
    path("<int:pk>/unshare/", sharing.AccountUnshare.as_view(), name="account_unshare"),
    path("<int:pk>/people/new/", contacts.ContactCreate.as_view(), name="contact_create"),
    path("<int:pk>/people/<int:contact_pk>/edit/", contacts.ContactEdit.as_view(), name="contact_edit"),
    path("<int:pk>/people/<int:contact_pk>/leave/", contacts.ContactLeave.as_view(), name="contact_leave"),
    path("<int:pk>/parts/<slug:part>/new/", parts.PartCreate.as_view(), name="part_create"),
    path("<int:pk>/parts/<slug:part>/<int:part_pk>/edit/", parts.PartEdit.as_view(), name="part_edit"),
    path("<int:pk>/parts/<slug:part>/<int:part_pk>/remove/", parts.PartRemove.as_view(), name="part_remove"),
    path("<int:pk>/files/new/", parts.AttachmentAdd.as_view(), name="attachment_add"),
    path("<int:pk>/files/<int:attachment_pk>/remove/", parts.AttachmentRemove.as_view(), name="attachment_remove"),
    path("<int:pk>/credit/request/", asking.CreditRequest.as_view(), name="credit_request"),
    path("<int:pk>/share/", asking.ShareRequest.as_view(), name="account_share"),
    path("<int:pk>/grade/request/", asking.GradeRequest.as_view(), name="grade_request"),
    path("<int:pk>/hand-over/", asking.HandoverRequest.as_view(), name="handover_request"),
    path("<int:pk>/", detail.account_detail, name="account_detail"),
    path("<int:pk>/<slug:tab>/", detail.account_detail, name="account_tab"),
    path("<int:account_pk>/files/<int:pk>/", detail.attachment_download, name="attachment_download"),
]
