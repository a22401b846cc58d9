Rem Attribute VBA_ModuleType=VBAModule
Option VBASupport 1
' Stands in for the module "xlwings" while Calc is the host: its Python server is the one that the test gives.
Private Server As Object

Public Sub Serve(Given As Object)
    Set Server = New Dictionary
    Set Server.Python = Given
End Sub

Public Function XLPy() As Object
    Set XLPy = Server
End Function

Public Function GetConfig(ConfigKey As String, Optional Default As String, Optional Source As String) As String
    GetConfig = ""
End Function
