Attribute VB_Name = "JixiaoButtons"
Option Explicit
' Made by macros/build.py from jixiao_xl/workbook/buttons.py: change it there.
' Plain ASCII, because VBA text has no Chinese outside a Chinese Windows: captions stand in the
' ribbon's XML and on the sheets.

' Whether there is a Python to run. xlwings would say it in English; the Chinese sentence is read from
' a sheet. Where the settings cannot be read, xlwings is left to try.
Private Function JxReady() As Boolean
    Dim Interpreter As String
    JxReady = True
    #If Mac Then
        Exit Function
    #End If
    On Error GoTo Unknown
    Interpreter = xlwings.GetConfig("INTERPRETER_WIN", "")
    If Interpreter = "" Then Interpreter = xlwings.GetConfig("INTERPRETER", "python")
    If JxExists(Interpreter) Then Exit Function
    JxReady = False
    MsgBox ThisWorkbook.Names("jx.no_python").RefersToRange.Value, vbExclamation
    Exit Function
Unknown:
End Function

Private Function JxExists(Interpreter As String) As Boolean
    Dim Folder As Variant
    On Error GoTo Missing
    If InStr(Interpreter, "\") > 0 Then
        JxExists = (Dir(Interpreter) <> "")
        Exit Function
    End If
    For Each Folder In Split(Environ("PATH"), ";")
        ' the folder of the Store's aliases has a python.exe even where there is no Python
        If Folder <> "" And InStr(1, Folder, "WindowsApps", vbTextCompare) = 0 Then
            If JxIsFile(Folder & "\python.exe") Then
                JxExists = True
                Exit Function
            End If
        End If
    Next Folder
Missing:
End Function

Private Function JxIsFile(Path As String) As Boolean
    On Error GoTo Missing
    JxIsFile = (Dir(Path) <> "")
Missing:
End Function

Public Sub JxCheck(control As IRibbonControl)
    JxCheckClick
End Sub

Public Sub JxCheckClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import check; check()"
End Sub

Public Sub JxPrior(control As IRibbonControl)
    JxPriorClick
End Sub

Public Sub JxPriorClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import pull_prior; pull_prior()"
End Sub

Public Sub JxRecompute(control As IRibbonControl)
    JxRecomputeClick
End Sub

Public Sub JxRecomputeClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import recompute; recompute()"
End Sub

Public Sub JxAddRow(control As IRibbonControl)
    JxAddRowClick
End Sub

Public Sub JxAddRowClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import add_row; add_row()"
End Sub

Public Sub JxRemoveRow(control As IRibbonControl)
    JxRemoveRowClick
End Sub

Public Sub JxRemoveRowClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import remove_row; remove_row()"
End Sub

Public Sub JxFix(control As IRibbonControl)
    JxFixClick
End Sub

Public Sub JxFixClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import fix_finding; fix_finding()"
End Sub

Public Sub JxUndo(control As IRibbonControl)
    JxUndoClick
End Sub

Public Sub JxUndoClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import undo; undo()"
End Sub

Public Sub JxExplain(control As IRibbonControl)
    JxExplainClick
End Sub

Public Sub JxExplainClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import explain_finding; explain_finding()"
End Sub

Public Sub JxPaste(control As IRibbonControl)
    JxPasteClick
End Sub

Public Sub JxPasteClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import paste_import; paste_import()"
End Sub

Public Sub JxSubmit(control As IRibbonControl)
    JxSubmitClick
End Sub

Public Sub JxSubmitClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import make_submission; make_submission()"
End Sub

Public Sub JxMonitoring(control As IRibbonControl)
    JxMonitoringClick
End Sub

Public Sub JxMonitoringClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import make_monitoring; make_monitoring()"
End Sub

Public Sub JxEvaluation(control As IRibbonControl)
    JxEvaluationClick
End Sub

Public Sub JxEvaluationClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import make_evaluation; make_evaluation()"
End Sub

Public Sub JxIssue(control As IRibbonControl)
    JxIssueClick
End Sub

Public Sub JxIssueClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import issue; issue()"
End Sub

Public Sub JxReceive(control As IRibbonControl)
    JxReceiveClick
End Sub

Public Sub JxReceiveClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import receive; receive()"
End Sub

Public Sub JxConsolidate(control As IRibbonControl)
    JxConsolidateClick
End Sub

Public Sub JxConsolidateClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import consolidate; consolidate()"
End Sub

Public Sub JxReturn(control As IRibbonControl)
    JxReturnClick
End Sub

Public Sub JxReturnClick()
    If Not JxReady() Then Exit Sub
    RunPython "from jixiao_xl.hosts.excel_buttons import return_marked; return_marked()"
End Sub
