import type { CompanyProfile } from "../company-profile.ts";
import { BRIGHTWATER_NAMES } from "./brightwater-names.ts";

const FIRST_WORKER = 20_417;
/** Each person's number is another person's Worker ID: whoever reads the wrong column finds somebody. */
const NUMBERS_AHEAD = 3;

/**
 * Clinics around Auckland: Workday, Outlook and Looker, nurses who work nights and carry no phone, and a tenant that asked
 * for MFA already, by security defaults and by the legacy switch on half of the accounts.
 */
export const BRIGHTWATER: CompanyProfile = {
  slug: "brightwater",
  name: "Brightwater Clinics",
  mailDomain: "brightwater.health.nz",
  tenantDomain: "brightwaterclinics.onmicrosoft.com",
  timeZone: "Pacific/Auckland",
  office: { city: "Auckland", state: "Auckland", countryOrRegion: "NZ" },
  locations: ["Newmarket", "Albany", "Manukau", "Te Atatū"],
  // Eight o'clock on a Monday in winter time; the clocks go forward thirteen days later.
  startsAt: "2026-09-13T20:00:00Z",
  employees: 118,
  smallest: 90,
  departments: [
    {
      name: "Digital & Facilities",
      share: 9,
      division: "Support",
      head: "Head of Digital and Facilities",
      manager: "Service Lead",
      staff: ["Systems Engineer", "Clinical Applications Analyst", "Facilities Coordinator"],
      registered: 0.9,
    },
    {
      name: "Front of House",
      share: 19,
      division: "Patient Services",
      head: "Patient Services Manager",
      manager: "Reception Lead",
      staff: ["Receptionist", "Bookings Coordinator", "Medical Secretary"],
      registered: 0.6,
    },
    {
      name: "Nursing & Wards",
      share: 41,
      division: "Clinical",
      head: "Director of Nursing",
      manager: "Charge Nurse Manager",
      staff: ["Registered Nurse", "Enrolled Nurse", "Health Care Assistant"],
      registered: 0.35,
      frontline: true,
      shifts: true,
    },
    {
      name: "Theatre & Recovery",
      share: 22,
      division: "Clinical",
      head: "Theatre Manager",
      manager: "Recovery Lead",
      staff: ["Theatre Nurse", "Anaesthetic Technician", "Sterile Services Technician"],
      registered: 0.4,
      frontline: true,
      shifts: true,
    },
    {
      name: "Pharmacy",
      share: 13,
      division: "Clinical",
      head: "Chief Pharmacist",
      manager: "Dispensary Lead",
      staff: ["Pharmacist", "Pharmacy Technician"],
      registered: 0.6,
    },
    {
      name: "Imaging & Labs",
      share: 14,
      division: "Diagnostics",
      head: "Clinical Director and Chief Executive",
      manager: "Modality Lead",
      staff: ["Medical Imaging Technologist", "Sonographer", "Laboratory Scientist"],
      registered: 0.65,
    },
  ],
  ceoDepartment: "Imaging & Labs",
  itDepartment: "Digital & Facilities",
  names: BRIGHTWATER_NAMES,
  cast: {
    "Digital & Facilities": ["usesLegacyClient"],
    "Front of House": ["onLeaveOfAbsence", "nameWithApostrophe", "sharesName", "raisesTicket", "onVacation"],
    "Nursing & Wards": [
      "neverEnrols",
      "onParentalLeave",
      "onParentalLeave",
      "leavesFirst",
      "nameBeyondLatin1",
      "hasDepartedManager",
      "hasDepartedManager",
      "raisesTicket",
      "raisesTicket",
      "onVacation",
      "onVacation",
    ],
    "Theatre & Recovery": ["onLongTimeOff", "leavesSecond", "sharesName", "upperCaseAddress", "raisesTicket"],
    Pharmacy: ["upnIsNotMail", "displayNameWithComma", "isOwnManager"],
    "Imaging & Labs": ["hrKnowsAliasOnly", "nameInChinese", "onVacation"],
  },
  nameOfPart: {
    nameBeyondLatin1: { given: "Tūī", surname: "Te Pūāwaitanga" },
    nameInChinese: { given: "梅", surname: "陳", local: "mei.chan" },
    nameWithApostrophe: { given: "Fa'amoana", surname: "Tui'afitu" },
    displayNameWithComma: { given: "Rajesh", surname: "Iyer" },
    sharesName: { given: "Mele", surname: "Taufa" },
  },
  identifiers: (number) => ({
    id: String(FIRST_WORKER + number),
    employeeNumber: String(FIRST_WORKER + number + NUMBERS_AHEAD),
  }),
  // The Employee ID, typed in by hand for most.
  employeeIdInEntra: ({ employeeNumber }, luck) => (luck < 0.12 ? null : employeeNumber),
  special: {
    directorySync: "Sync_BWDC02_51c7e0ab9d3f",
    scanner: null,
    services: [
      { local: "svc-pacs-archive", displayName: "svc-pacs-archive", mailbox: true },
      { local: "svc-lab-results", displayName: "svc-lab-results", mailbox: true },
      { local: "svc-veeam", displayName: "svc-veeam" },
    ],
    sharedMailboxes: [
      { local: "digital.help", displayName: "Brightwater Digital Help" },
      { local: "referrals", displayName: "Referrals" },
      { local: "bookings", displayName: "Bookings" },
    ],
    rooms: [
      { local: "room-kauri", displayName: "Meeting Room Kauri" },
      { local: "room-pohutukawa", displayName: "Meeting Room Pōhutukawa" },
    ],
    emergencyAccess: [
      { local: "bw-breakglass-a", displayName: "Break Glass A" },
      { local: "bw-breakglass-b", displayName: "Break Glass B" },
      { local: "bw-breakglass-c", displayName: "Break Glass C" },
    ],
    guests: [
      { mail: "locum.roster@southernlocums.co.nz", displayName: "Southern Locums Roster" },
      { mail: "k.tanielu@harbourradiology.nz", displayName: "Dr Kolo Tanielu" },
    ],
  },
  supportMailbox: "digital.help",
  contractor: {
    local: "ngaio.hunt.locum",
    displayName: "Ngaio Hunt (Locum)",
    given: "Ngaio",
    surname: "Hunt",
    department: "Imaging & Labs",
    jobTitle: "Locum Radiologist",
  },
  newHire: { department: "Pharmacy", jobTitle: "Pharmacist" },
  joiner: { department: "Front of House", jobTitle: "Receptionist" },
  leavings: {
    manager: ["Nursing & Wards", 60],
    stillEnabled: ["Front of House", 18],
    others: [
      ["Theatre & Recovery", 90],
      ["Nursing & Wards", 140],
    ],
  },
  before: { securityDefaults: true, perUserMfa: 0.5 },
  systems: {
    psaCustomer: "BrightwaterClinics",
    bigQueryProject: "brightwater-insights",
    bigQueryLocation: "australia-southeast1",
    lookerHost: "brightwater.cloud.looker.com",
    workday: {
      tenant: "brightwater",
      // No column for the manager's id: the report's author took the address.
      workers: {
        id: "Worker_ID",
        number: "Employee_ID",
        name: "Worker",
        givenName: "Legal_or_Preferred_First",
        email: "Primary_Work_Email",
        department: "Supervisory_Org_L3",
        title: "Position_Title",
        active: "Is_Active",
        hired: "Original_Hire_Date",
        left: "Last_Day_of_Work",
        managerEmail: "Manager_Primary_Work_Email",
        onLeave: "On_Leave",
        leaveType: "Leave_of_Absence_Type",
        leaveFrom: "Leave_Actual_First_Day",
      },
      absences: { worker: "Worker_ID", from: "Absence_Start", until: "Absence_End" },
      dateSuffix: "-07:00",
    },
  },
};
