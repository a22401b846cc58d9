Rem Attribute VBA_ModuleType=VBAModule
Option VBASupport 1
' Stands in for the module "xlwings" while Calc is the host: the same RunPython for the buttons, but the
' Python it starts is told how to reach this Calc. It does not wait for it: Calc has to answer meanwhile.
Public Function RunPython(PythonCommand As String)
    Dim Slot As Integer
    Slot = FreeFile
    Open Environ("JIXIAO_CLICK") & "/command.txt" For Output As #Slot
    Print #Slot, PythonCommand
    Close #Slot
    Shell Environ("JIXIAO_CLICK_PYTHON"), 0, "-m tests.excel.child --wb=" & ThisWorkbook.Name & " --from_xl=1", False
End Function

' Which Python there is on a Windows machine cannot be told here.
Public Function GetConfig(ConfigKey As String, Optional Default As String) As String
    Err.Raise 5
End Function
