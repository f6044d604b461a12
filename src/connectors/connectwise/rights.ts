/** The least rights of the API member's security role, as ConnectWise names them. */
export const RIGHTS = {
  readCompanies: "Companies > Company Maintenance: Inquire",
  readMembers: "System > Member Maintenance: Inquire",
  readBoards: "System > Table Setup: Inquire",
  readTickets: "Service Desk > Service Tickets: Inquire",
  replyToTickets: "Service Desk > Service Tickets: Edit",
  readProjects: "Project > Project Headers: Inquire",
  addProjects: "Project > Project Headers: Add",
  readPhases: "Project > Project Phase: Inquire",
  addPhases: "Project > Project Phase: Add",
  changePhases: "Project > Project Phase: Edit",
  readProjectTickets: "Project > Project Tickets: Inquire",
  addProjectTickets: "Project > Project Tickets: Add",
  changeProjectTickets: "Project > Project Tickets: Edit",
} as const;
